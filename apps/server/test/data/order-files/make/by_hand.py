"""Files put together as programs write them that were not at hand: Excel, Google Sheets. Run by make.sh."""
import codecs
import sys
import zipfile

OUT = sys.argv[1]
MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'


def content_types(*more, main=f'{TYPES}.sheet.main+xml'):
    overrides = [('/xl/workbook.xml', main), ('/xl/worksheets/sheet1.xml', f'{TYPES}.worksheet+xml'),
                 ('/xl/styles.xml', f'{TYPES}.styles+xml'), ('/xl/sharedStrings.xml', f'{TYPES}.sharedStrings+xml'), *more]
    parts = ''.join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides)
    return (f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="bin" ContentType="application/octet-stream"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{parts}</Types>')


def relationships(*targets, base=REL):
    tags = ''.join(f'<Relationship Id="rId{index}" Type="{base}/{kind}" Target="{target}"/>'
                   for index, (kind, target) in enumerate(targets, 1))
    return f'<Relationships xmlns="{PACKAGE}/relationships">{tags}</Relationships>'


STYLES = (f'<styleSheet xmlns="{MAIN}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac">'
          '<numFmts count="2"><numFmt numFmtId="176" formatCode="000000000"/><numFmt numFmtId="177" formatCode="0_ "/></numFmts>'
          '<fonts count="1"><font><sz val="11"/><name val="游ゴシック"/></font></fonts><fills count="1"><fill/></fills>'
          '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="6">'
          '<xf numFmtId="0" xfId="0"/><xf numFmtId="49" xfId="0" applyNumberFormat="1"/>'
          '<xf numFmtId="49" xfId="0" quotePrefix="1" applyNumberFormat="1"/><xf numFmtId="176" xfId="0" applyNumberFormat="1"/>'
          '<xf numFmtId="14" xfId="0" applyNumberFormat="1"/><xf numFmtId="177" xfId="0" applyNumberFormat="1"/></cellXfs>'
          '</styleSheet>')
WORKBOOK = (f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><fileVersion appName="xl" lastEdited="7" lowestEdited="7" rupBuild="26026"/>'
            '<workbookPr defaultThemeVersion="166925"/><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>')
APP = (f'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
       '<Application>Microsoft Excel</Application><AppVersion>16.0300</AppVersion></Properties>')
BOOK_RELS = relationships(('worksheet', 'worksheets/sheet1.xml'), ('styles', 'styles.xml'), ('sharedStrings', 'sharedStrings.xml'))


def strings(*items):
    return f'<sst xmlns="{MAIN}" count="{len(items)}" uniqueCount="{len(items)}">{"".join(items)}</sst>'


def package(name, sheet, sst=strings(), parts=None):
    files = {'[Content_Types].xml': content_types(), '_rels/.rels': relationships(('officeDocument', 'xl/workbook.xml')),
             'xl/workbook.xml': WORKBOOK, 'xl/_rels/workbook.xml.rels': BOOK_RELS, 'xl/worksheets/sheet1.xml': sheet,
             'xl/styles.xml': STYLES, 'xl/sharedStrings.xml': sst, 'docProps/app.xml': APP, **(parts or {})}
    with zipfile.ZipFile(f'{OUT}/{name}', 'w', zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            if content is None:
                continue
            data = content if isinstance(content, bytes) else (XML + content).encode()
            archive.writestr(zipfile.ZipInfo(path, (2026, 11, 20, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


def sheet(rows, attributes='', before='', after=''):
    return f'<worksheet xmlns="{MAIN}" xmlns:r="{REL}"{attributes}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def excel():
    # Japanese Excel keeps the reading of what was typed; a text in two fonts; text with an apostrophe in front (quotePrefix).
    sst = strings('<si><t>注文番号</t><rPh sb="0" eb="2"><t>チュウモン</t></rPh><rPh sb="2" eb="4"><t>バンゴウ</t></rPh>'
                  '<phoneticPr fontId="1"/></si>', '<si><t>商品</t><rPh sb="0" eb="2"><t>ショウヒン</t></rPh></si>',
                  '<si><t>0262749755</t></si>', '<si><r><t>KR-</t></r><r><rPr><b/></rPr><t xml:space="preserve">262749756 </t></r></si>',
                  '<si><t xml:space="preserve">　262749757\n</t></si>', '<si><t>花_x000D_束 &amp; 鉢</t></si>')
    rows = ('<row r="1" spans="1:3" x14ac:dyDescent="0.4"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
            '<row r="2" spans="1:3" x14ac:dyDescent="0.4"><c r="A2"><v>262749754</v></c><c r="B2" t="s"><v>5</v></c>'
            '<c r="C2"><f>SUM(B3:B9)</f><v>0</v></c></row>'
            '<row r="3" spans="1:3"><c r="A3" s="2" t="s"><v>2</v></c></row><row r="4" spans="1:3"><c r="A4" t="s"><v>3</v></c></row>'
            '<row r="5" spans="1:3"><c r="A5" s="1" t="s"><v>4</v></c></row><row r="6"><c r="A6" s="3"><v>62749758</v></c></row>'
            '<row r="7"><c r="A7" s="1"/></row><row r="8"><c r="A8" s="4"><v>46346</v></c></row>'
            '<row r="9"><c r="A9"><v>1.23456789012345E+18</v></c></row><row r="10"><c r="A10"><v>262749759012345</v></c></row>'
            '<row r="11"><c r="A11" t="e"><v>#N/A</v></c></row><row r="12"><c r="A12" s="5"><v>262749760</v></c></row>')
    body = sheet(rows, ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac" '
                 'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"', '<dimension ref="A1:C12"/>'
                 '<sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews><cols><col min="1" max="1" width="18"/></cols>',
                 '<phoneticPr fontId="1"/><hyperlinks><hyperlink ref="A2" r:id="rId1"/></hyperlinks>')
    link = relationships().replace('></', '><Relationship Id="rId1" Type="' + REL + '/hyperlink" '
                                   'Target="https://market.example.com/262749754" TargetMode="External"/></')
    package('excel.xlsx', body, sst, {'xl/worksheets/_rels/sheet1.xml.rels': link})


def google():
    blank = ''.join(f'<row r="{row}" ht="15.75" customHeight="1"><c r="A{row}" s="1"/></row>' for row in range(6, 1001))
    rows = ('<row r="1" ht="15.75" customHeight="1"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="1" t="s"><v>1</v></c></row>'
            '<row r="2"><c r="A2" s="1"><v>2.62749754E8</v></c><c r="B2" s="1"><v>1200.0</v></c></row>'
            '<row r="3"><c r="A3" s="1" t="s"><v>2</v></c></row><row r="5"><c r="A5" s="1"><v>2.62749756012E11</v></c></row>' + blank)
    body = sheet(rows, after='<drawing r:id="rId1"/>', before='<sheetPr><outlinePr summaryBelow="0" summaryRight="0"/></sheetPr>')
    sst = strings('<si><t>Order No.</t></si>', '<si><t>금액</t></si>', '<si><t>0262749755</t></si>')
    package('google-sheets.xlsx', body, sst, {'docProps/app.xml': None, 'xl/worksheets/_rels/sheet1.xml.rels': relationships(
        ('drawing', '../drawings/drawing1.xml')), 'xl/drawings/drawing1.xml': '<xdr:wsDr xmlns:xdr="http://schemas.'
        'openxmlformats.org/drawingml/2006/spreadsheetDrawing"/>'})


def editions():
    rows = '<x:row><x:c t="inlineStr"><x:is><x:t>Order No.</x:t></x:is></x:c></x:row><x:row><x:c><x:v>262749754</x:v></x:c></x:row>'
    prefixed = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    book = WORKBOOK.replace('<', '<x:').replace('<x:/', '</x:').replace('xmlns=', 'xmlns:x=')
    # What the Open XML SDK for .NET writes: prefixes everywhere, cells and rows without their addresses, absolute targets.
    package('prefixed.xlsx', prefixed, parts={'xl/workbook.xml': book, 'xl/_rels/workbook.xml.rels': relationships(
        ('worksheet', '/xl/worksheets/sheet1.xml')), 'xl/styles.xml': None, 'xl/sharedStrings.xml': None})
    strict = 'http://purl.oclc.org/ooxml/officeDocument/relationships'
    body = sheet('<row r="1"><c r="A1"><v>262749754</v></c></row>'
                 '<row r="2"><c r="A2" t="d"><v>2026-11-20</v></c></row>').replace(MAIN, 'http://purl.oclc.org/ooxml/spreadsheetml/main')
    package('strict.xlsx', body, parts={
        '_rels/.rels': relationships(('officeDocument', 'xl/workbook.xml'), base=strict),
        'xl/_rels/workbook.xml.rels': relationships(('worksheet', 'worksheets/sheet1.xml'), base=strict),
        'xl/workbook.xml': WORKBOOK.replace(REL, strict)})


def refused():
    body = sheet('<row r="1"><c r="A1"><v>262749754</v></c></row>')
    vba = ('/xl/vbaProject.bin', 'application/vnd.ms-office.vbaProject')
    enabled = content_types(vba, main='application/vnd.ms-excel.sheet.macroEnabled.main+xml')
    package('macro.xlsm', body, parts={'[Content_Types].xml': enabled, 'xl/vbaProject.bin': b'\xd0\xcf\x11\xe0 not a real one'})
    hidden = content_types(('/xl/notes.bin', 'application/vnd.ms-office.vbaProject'))
    package('macro-renamed.xlsx', body, parts={'[Content_Types].xml': hidden, 'xl/notes.bin': b'\xd0\xcf\x11\xe0'})
    macrosheet = ('/xl/macros/sheet1.xml', 'application/vnd.ms-excel.macrosheet+xml')
    package('macro-sheet.xlsx', body, parts={'[Content_Types].xml': content_types(macrosheet), 'xl/macros/sheet1.xml': body})
    connection = ('/xl/connections.xml', f'{TYPES}.connections+xml')
    package('connection.xlsx', body, parts={'[Content_Types].xml': content_types(connection), 'xl/connections.xml':
            f'<connections xmlns="{MAIN}"><connection id="1" name="q" type="5" refreshedVersion="6"><dbPr connection="x"/>'
            '</connection></connections>'})
    outside = relationships(('worksheet', 'worksheets/sheet1.xml'), ('attachedTemplate', 'file://server/t.xlsx')).replace(
        'Target="file:', 'TargetMode="External" Target="file:')
    package('outside.xlsx', body, parts={'xl/_rels/workbook.xml.rels': outside})
    lol = '<!DOCTYPE x [<!ENTITY a "lol">' + ''.join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip('abcdefghi', 'bcdefghij')) + ']>'
    package('entities.xlsx', lol + sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>'))
    write('entities-spreadsheetml.xls', f'<?xml version="1.0"?>{lol}<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
          '<Worksheet Name="a"><Table><Row><Cell><Data ss:Type="String">&j;</Data></Cell></Row></Table></Worksheet></Workbook>')
    package('word.docx', body, parts={'[Content_Types].xml': content_types(
        main='application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml')})


def write(name, text, encoding='utf-8', mark=b''):
    with open(f'{OUT}/{name}', 'wb') as file:
        file.write(mark + text.encode(encoding))


def texts():
    lines = ['注文番号,商品名,金額', '262749754,花束,"1,200"', '0262749755,"植木鉢\r\n（大）",980', ',,', '２６２７４９７５６,種,300', '2.62750E+11,鉢,1']
    write('excel-utf8-bom.csv', '\r\n'.join(lines) + '\r\n', mark=codecs.BOM_UTF8)
    write('excel-cp932.csv', '\r\n'.join(lines) + '\r\n', 'cp932')
    # "Unicode text": UTF-16 with tabs.
    tabs = '주문번호\t상품명\r\n262749754\t꽃다발\r\n0262749755\t"화분 ""대"""\r\n'
    write('excel-unicode-text.txt', tabs, 'utf-16-le', codecs.BOM_UTF16_LE)
    write('unicode-text-big-endian.txt', tabs, 'utf-16-be', codecs.BOM_UTF16_BE)
    write('mac-line-ends.csv', 'Order No.\r262749754\r262749755\r')
    write('csv-formula.csv', 'Order No.,Note\r\n262749754,=1+1\r\n=HYPERLINK("http://x.example.com"),\r\n')
    write('broken-quotes.csv', 'Order No.,Note\n262749754,a\n"262749755,b\n262749756,c\n')
    write('excel-html.xls', '<html xmlns:v="urn:schemas-microsoft-com:vml"\nxmlns:x="urn:schemas-microsoft-com:office:excel">\n<head>\n'
          '<meta http-equiv=Content-Type content="text/html; charset=utf-8">\n<meta name=Generator content="Microsoft Excel 15">\n'
          '<!--[if gte mso 9]><xml><x:ExcelWorkbook><table></x:ExcelWorkbook></xml><![endif]-->\n<style><!--table\n\t{mso-x:"\\,";}'
          '\n.xl65\n\t{mso-number-format:"\\@";}\n--></style></head>\n<body>\n<table border=0 cellpadding=0>\n <col width=72>\n'
          ' <tr height=18>\n  <td height=18 class=xl65>Order No.</td>\n  <td>Amount</td>\n </tr>\n <tr>\n  <td align=right>262749754'
          '</td>\n  <td x:num>1,200</td>\n </tr>\n <tr>\n  <td class=xl65>0262749755&nbsp;</td>\n </tr>\n <![if supportMisalignedColumns]>'
          '\n <tr height=0 style=\'display:none\'>\n  <td width=72></td>\n </tr>\n <![endif]>\n</table>\n</body>\n</html>\n')
    write('excel-2003-xml.xls', '<?xml version="1.0"?>\r\n<?mso-application progid="Excel.Sheet"?>\r\n<Workbook '
          'xmlns="urn:schemas-microsoft-com:office:spreadsheet"\r\n xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">\r\n'
          '<Styles><Style ss:ID="Default" ss:Name="Normal"/><Style ss:ID="s62"><NumberFormat ss:Format="000000000"/></Style></Styles>'
          '<Worksheet ss:Name="注文"><Table ss:ExpandedColumnCount="2"><Row><Cell><Data ss:Type="String">No</Data></Cell>'
          '<Cell><Data ss:Type="String">注文番号</Data></Cell></Row><Row ss:Index="3"><Cell ss:Index="2"><Data ss:Type="Number">262749754'
          '</Data></Cell></Row><Row><Cell><Data ss:Type="Number">1</Data></Cell><Cell ss:StyleID="s62"><Data ss:Type="Number">62749755'
          '</Data></Cell></Row></Table></Worksheet></Workbook>')
    write('excel-2003-xml-formula.xls', '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
          'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table><Row><Cell><Data ss:Type="Number">1'
          '</Data></Cell></Row><Row><Cell ss:Formula="=R[-1]C+1"><Data ss:Type="Number">2</Data></Cell></Row></Table></Worksheet></Workbook>')


for make in (excel, google, editions, refused, texts):
    make()
