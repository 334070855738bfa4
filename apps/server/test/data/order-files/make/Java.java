import java.io.FileOutputStream;
import java.util.Collections;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.*;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.ss.usermodel.*;

/**
 * Files as Java back offices export them: an xls of Apache POI, and an xlsx packed as Apache POI's streaming export packs it
 * (zip64 in every entry), with the library that it uses for that. Run by make.sh.
 */
public class Java {
  public static void main(String[] arguments) throws Exception {
    poi(arguments[0] + "/apache-poi.xls");
    zip64(arguments[0] + "/libreoffice-no-header.xlsx", arguments[0] + "/commons-compress-zip64.xlsx");
  }

  static void poi(String path) throws Exception {
    Workbook book = new HSSFWorkbook();
    CellStyle zeros = book.createCellStyle();
    zeros.setDataFormat(book.createDataFormat().getFormat("000000000"));
    Sheet sheet = book.createSheet("受注一覧");
    Row head = sheet.createRow(0);
    head.createCell(0).setCellValue("受注日");
    head.createCell(1).setCellValue("受注番号");
    Object[] numbers = {262749754d, "0262749755", 62749756d, " KR-262749757"};
    for (int index = 0; index < numbers.length; index += 1) {
      Row row = sheet.createRow(index + 2);
      row.createCell(0).setCellValue("2026/11/20");
      Cell cell = row.createCell(1);
      if (numbers[index] instanceof Double) cell.setCellValue((Double) numbers[index]);
      else cell.setCellValue((String) numbers[index]);
      if (index == 2) cell.setCellStyle(zeros);
    }
    try (FileOutputStream out = new FileOutputStream(path)) {
      book.write(out);
    }
  }

  static void zip64(String from, String to) throws Exception {
    try (ZipFile source = new ZipFile(from); ZipArchiveOutputStream out = new ZipArchiveOutputStream(new FileOutputStream(to))) {
      out.setUseZip64(Zip64Mode.Always);
      for (var entry : Collections.list(source.entries())) {
        out.putArchiveEntry(new ZipArchiveEntry(entry.getName()));
        source.getInputStream(entry).transferTo(out);
        out.closeArchiveEntry();
      }
    }
  }
}
