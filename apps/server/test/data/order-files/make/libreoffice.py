"""Files saved by LibreOffice Calc itself, driven over its UNO bridge. Run by make.sh."""
import os
import subprocess
import sys
import tempfile
import time

import uno
from com.sun.star.beans import PropertyValue

OUT = sys.argv[1]
FORMATS = {'xlsx': 'Calc MS Excel 2007 XML', 'xls': 'MS Excel 97', 'ods': 'calc8', 'html': 'HTML (StarCalc)',
           'xml': 'MS Excel 2003 XML', 'csv': 'Text - txt - csv (StarCalc)'}


def prop(name, value):
    one = PropertyValue()
    one.Name, one.Value = name, value
    return one


def encryption(password):
    """What the dialog 'save with password' hands to the filter of xlsx."""
    values = []
    for name, value in (('OOXPassword', password), ('CryptoType', 'Standard')):
        one = uno.createUnoStruct('com.sun.star.beans.NamedValue')
        one.Name, one.Value = name, value
        values.append(one)
    return prop('EncryptionData', uno.Any('[]com.sun.star.beans.NamedValue', tuple(values)))


def start(profile):
    process = subprocess.Popen(['soffice', '--headless', '--norestore', '--nologo', f'-env:UserInstallation=file://{profile}',
                                '--accept=socket,host=127.0.0.1,port=8619;urp;'])
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext('com.sun.star.bridge.UnoUrlResolver', local)
    for _ in range(120):
        try:
            context = resolver.resolve('uno:socket,host=127.0.0.1,port=8619;urp;StarOffice.ComponentContext')
            return process, context.ServiceManager.createInstanceWithContext('com.sun.star.frame.Desktop', context)
        except Exception:
            time.sleep(0.5)
    raise SystemExit('LibreOffice did not start')


def save(document, name, kind, *more):
    document.storeToURL(f'file://{os.path.abspath(OUT)}/{name}', (prop('FilterName', FORMATS[kind]), *more))
    print(name)


def new(desktop):
    return desktop.loadComponentFromURL('private:factory/scalc', '_blank', 0, (prop('Hidden', True),))


def number_format(document, code):
    formats, locale = document.NumberFormats, uno.createUnoStruct('com.sun.star.lang.Locale')
    key = formats.queryKey(code, locale, False)
    return key if key >= 0 else formats.addNew(code, locale)


def fill(document, sheet, cells):
    """cells: address -> text, number, '=formula', or (number, format)."""
    for address, value in cells.items():
        cell = sheet.getCellRangeByName(address)
        if isinstance(value, tuple):
            cell.Value, cell.NumberFormat = float(value[0]), number_format(document, value[1])
        elif isinstance(value, str) and value.startswith('='):
            cell.Formula = value
        elif isinstance(value, str):
            cell.NumberFormat = number_format(document, '@')
            cell.String = value
        else:
            cell.Value = float(value)


# What sellers have in one column: see README.md for what is read of it.
MIXED = {'A1': 'Order No.', 'B1': 'Amount', 'A2': 262749754, 'B2': 1200, 'A3': '262749755', 'A4': '２６２７４９７５６', 'B5': 980,
         'A6': '  262749757\u3000', 'A7': '00123456', 'A8': (123457, '00000000'), 'A9': 'KR-10A7', 'A10': 123456789012345,
         'A11': 1234567890123456789, 'A12': (45296, 'YYYY-MM-DD')}
COLUMN = {'A1': '配送管理　2026年11月', 'A3': 'カート番号', 'B3': '商品名', 'C3': '注文番号', 'A4': 9001, 'B4': '花束', 'C4': 262749754,
          'A5': 9002, 'B5': '植木鉢', 'C5': '262749755', 'A6': 9003, 'B6': '種', 'C6': ' 262749756'}
BARE = {'A1': 262749754, 'A2': 262749755, 'A3': '0262749756'}


def sheets_document(desktop):
    document = new(desktop)
    sheets = document.Sheets
    sheets.getByIndex(0).Name = '안내'
    for index, name in enumerate(['숨김', '주문', '두번째'], 1):
        sheets.insertNewByName(name, index)
    fill(document, sheets.getByName('안내'), {'A1': '이 파일은 11월 주문입니다', 'A2': '문의: 031-000-0000'})
    fill(document, sheets.getByName('숨김'), {'A1': '주문번호', 'A2': '999999999'})
    sheets.getByName('숨김').IsVisible = False
    fill(document, sheets.getByName('주문'), {'A1': '번호', 'B1': '주문 번호', 'A2': 1, 'B2': 262749754, 'A3': 2, 'B3': '262749755'})
    fill(document, sheets.getByName('두번째'), {'A1': '주문번호', 'A2': '888888888'})
    return document


def one(desktop, cells):
    document = new(desktop)
    fill(document, document.Sheets.getByIndex(0), cells)
    return document


def main():
    with tempfile.TemporaryDirectory() as profile:
        process, desktop = start(profile)
        try:
            mixed, column, bare = one(desktop, MIXED), one(desktop, COLUMN), one(desktop, BARE)
            sheets = sheets_document(desktop)
            formula = one(desktop, {**BARE, 'A4': '=A1+9'})
            elsewhere = one(desktop, {**COLUMN, 'D4': '=A4+1', 'E4': '=SUM(A4:A6)'})
            other = one(desktop, {'A1': 'B'})
            save(other, 'other-book.ods', 'ods')
            linked = one(desktop, {**BARE, 'B1': f"='file://{os.path.abspath(OUT)}/other-book.ods'#$Sheet1.A1"})
            os.remove(f'{OUT}/other-book.ods')
            for kind in ('xlsx', 'xls'):
                save(mixed, f'libreoffice-mixed.{kind}', kind)
                save(column, f'libreoffice-other-column.{kind}', kind)
                save(bare, f'libreoffice-no-header.{kind}', kind)
                save(sheets, f'libreoffice-several-sheets.{kind}', kind)
                save(formula, f'libreoffice-formula.{kind}', kind)
                save(elsewhere, f'libreoffice-formula-elsewhere.{kind}', kind)
                save(linked, f'libreoffice-external-link.{kind}', kind)
            save(mixed, 'libreoffice-password.xls', 'xls', prop('Password', 'secret'))
            save(mixed, 'libreoffice-password.xlsx', 'xlsx', encryption('secret'))
            save(mixed, 'libreoffice-mixed.ods', 'ods')
            save(mixed, 'libreoffice-html.xls', 'html')
            save(mixed, 'libreoffice-spreadsheetml.xls', 'xml')
            # Separator, quote, encoding (76 UTF-8, 60 CP932, 62 CP949), first line, columns, language, quote all, as shown.
            for name, document, options in [
                ('libreoffice-utf8.csv', mixed, '44,34,76'), ('libreoffice-tabs-utf8.csv', column, '9,34,76'),
                ('libreoffice-semicolons-utf8.csv', column, '59,34,76'), ('libreoffice-cp932.csv', column, '44,34,60')]:
                save(document, name, 'csv', prop('FilterOptions', f'{options},1,,0,false,true'))
            sheets.Sheets.getByName('안내').IsVisible = False
            korean = one(desktop, {'A1': '번호', 'B1': '주문번호', 'C1': '상품', 'A2': 1, 'B2': '262749754', 'C2': '꽃다발', 'A3': 2,
                                   'B3': '0262749755', 'C3': '화분'})
            save(korean, 'libreoffice-cp949.csv', 'csv', prop('FilterOptions', '44,34,62,1,,0,false,true'))
        finally:
            try:
                desktop.terminate()
            except Exception:
                process.terminate()
            process.wait()


main()
