// Files that SheetJS can write and the programs at hand cannot: xlsb, and an xls with a Visual Basic project in it; and an
// xls whose sheet is turned into a macro sheet of Excel 4. Run by make.sh.
import { readFileSync, writeFileSync } from 'node:fs';
import { CFB, utils, write } from '@e965/xlsx';

const folder = process.argv[2];
const book = utils.book_new(utils.aoa_to_sheet([['Order No.'], [262749754]]), 'Orders');
writeFileSync(`${folder}/binary.xlsb`, write(book, { type: 'buffer', bookType: 'xlsb' }));

const project = CFB.utils.cfb_new();
CFB.utils.cfb_add(project, '/VBA/dir', Buffer.from('not a real one'));
const vbaraw = CFB.write(project, { type: 'buffer' });
writeFileSync(
  `${folder}/macro-vba.xls`,
  write({ ...book, vbaraw }, { type: 'buffer', bookType: 'biff8', bookVBA: true }),
);

const xls = readFileSync(`${folder}/libreoffice-no-header.xls`);
// BoundSheet: position, visibility, type of sheet, name; the type becomes 1.
const record = xls.indexOf(Buffer.from('\x06\x00Sheet1', 'latin1')) - 6;
if (xls.readUInt16LE(record - 4) !== 0x85) throw new Error('no BoundSheet');
xls[record + 5] = 1;
writeFileSync(`${folder}/macro-sheet.xls`, xls);
