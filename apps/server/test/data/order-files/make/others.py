"""Files written by libraries and programs that shops' and marketplaces' own systems use. Run by make.sh."""
import subprocess
import sys

import openpyxl
import xlsxwriter
import xlwt

OUT = sys.argv[1]


def openpyxl_file():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = '注文'
    sheet.append(['注文番号', '商品'])
    sheet.append([262749754, '花束'])
    sheet.append(['0262749755', '植木鉢'])
    sheet.append([262749756.0, '種'])
    sheet['A5'] = 123457
    sheet['A5'].number_format = '"A-"000000'
    sheet['A6'] = 1.5
    sheet['A7'] = True
    book.save(f'{OUT}/openpyxl.xlsx')


def xlsxwriter_file():
    # Rows are written straight into the sheet, texts inline: what exports of many rows do.
    book = xlsxwriter.Workbook(f'{OUT}/xlsxwriter-inline.xlsx', {'constant_memory': True})
    sheet = book.add_worksheet('Orders')
    zeros = book.add_format({'num_format': '000000000'})
    sheet.write_row(0, 0, ['No', 'Buyer', 'Order Number'])
    sheet.write_row(1, 0, [1, 'A & B <Co>'])
    sheet.write_string(1, 2, 'KR-262749754 & 1')
    sheet.write_row(2, 0, [2, 'C'])
    sheet.write_number(2, 2, 62749755, zeros)
    sheet.write_url(3, 2, 'https://market.example.com/orders/262749756', string='262749756')
    book.close()


def xlwt_file():
    book = xlwt.Workbook(encoding='utf-8')
    sheet = book.add_sheet('주문 목록')
    for column, text in enumerate(['주문일', '주문번호', '상품명']):
        sheet.write(0, column, text)
    zeros = xlwt.easyxf(num_format_str='000000000')
    for row, number in enumerate([262749754, 62749755, 262749756], 1):
        sheet.write(row, 0, '2026-11-20')
        sheet.write(row, 1, number, zeros)
        sheet.write(row, 2, '꽃다발 ' * row)
    sheet.write(4, 1, '262749757')
    book.save(f'{OUT}/xlwt.xls')


def perl_file():
    script = r"""
use Spreadsheet::WriteExcel;
my $book = Spreadsheet::WriteExcel->new("$ARGV[0]/spreadsheet-writeexcel.xls");
my $sheet = $book->add_worksheet('Orders');
$sheet->write_string(0, 0, 'Order No.');
$sheet->write_number(1, 0, 262749754);
$sheet->write_string(2, 0, '0262749755');
$sheet->write_string(70, 0, 'X' . ('9' x 60));
$sheet->write_string(71, 0, 'A262749756');
$book->close();
"""
    subprocess.run(['perl', '-e', script, OUT], check=True)


def php_file():
    # What web shops call xls: a page with one table, in the encoding of the country.
    script = r"""
$rows = [['注文番号', '商品名', '金額'], ['0262749754', '花束<br>（赤）', '1,200'], ['262749755', '植木鉢 &amp; 土', '980'], ['', '', ''], ['262749756', '種', '300']];
$page = "<html><head><meta http-equiv=\"Content-Type\" content=\"application/vnd.ms-excel; charset=Shift_JIS\"></head>\r\n<body><table border=1>\r\n";
foreach ($rows as $row) {
  $page .= '<tr>';
  foreach ($row as $cell) $page .= "<td style=\"mso-number-format:'\\@'\">$cell</td>";
  $page .= "</tr>\r\n";
}
file_put_contents($argv[1] . '/php-html-cp932.xls', iconv('UTF-8', 'CP932', $page . '</table></body></html>'));
$lines = ['주문번호,상품명,금액', '="0262749754",꽃다발,1200', '262749755,"화분, 흙",980', "'0262749756,씨앗,300"];
file_put_contents($argv[1] . '/php-cp949.csv', iconv('UTF-8', 'CP949', implode("\r\n", $lines)));
"""
    subprocess.run(['php', '-r', script, '--', OUT], check=True)


def gnumeric_files():
    for kind, exporter in [('xlsx', 'Gnumeric_Excel:xlsx'), ('xls', 'Gnumeric_Excel:excel_biff8')]:
        subprocess.run(['ssconvert', '-T', exporter, f'{OUT}/libreoffice-mixed.xlsx', f'{OUT}/gnumeric-mixed.{kind}'],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


for make in (openpyxl_file, xlsxwriter_file, xlwt_file, perl_file, php_file, gnumeric_files):
    make()
