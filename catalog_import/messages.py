from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import Message

# ---------------------------------------------------------------- the file as a whole
Message("file_empty", _("The file is empty. Choose the file that holds the price list."), "file")
Message("file_too_large", _("The file weighs {size}; the most is {largest}. Split it and import the parts one by one."), "file")
Message(
    "file_of_another_format",
    _("The file is {format}. Save the price list as XLSX or as CSV in UTF-8 and choose that file."),
    "file",
)
Message("file_in_utf16", _("The file is written in UTF-16. Save it as CSV in UTF-8 and choose that file."), "file")
Message("zero_bytes", _("Line {line} holds zero bytes: the file is no text or is damaged. Save it again as CSV in UTF-8."), "file")
Message(
    "encoding_mixed",
    _(
        "The file is UTF-8 up to line {line} and something else there: it is damaged or pieced together. Save it again as CSV in UTF-8."
    ),
    "file",
)
Message(
    "encoding_unknown",
    _("Line {line} holds characters that neither UTF-8 nor Windows-1252 has. Save the file as CSV in UTF-8."),
    "file",
)
Message(
    "file_without_header",
    _("The first line does not name the columns. Begin the file with sku, name, description… or codigo, nombre, descripcion…"),
    "file",
)
Message("columns_missing", _("The file lacks these columns: {columns}. Add them to the first line and to every row."), "file")
Message("columns_doubled", _("The file has these columns twice: {columns}. Leave one of each."), "file")
Message(
    "columns_too_many",
    _("The file has {count} columns; the most is {most}. Delete those that the price list does not need."),
    "file",
)
Message("file_without_rows", _("The file has its header and no rows. Write one row for each product."), "file")
Message(
    "quotation_mark_open",
    _(
        "The row that begins on line {line} has a quotation mark that is not closed. Close it, and write a mark inside a cell twice."
    ),
    "file",
)
Message(
    "cell_too_long",
    _("The row that begins on line {line} has a cell of more than {longest} characters. Shorten it, or close its quotation mark."),
    "file",
)
Message(
    "import_failed_here",
    _("The fault was ours, and we are told of it. Upload the file again; if it fails again, ask the catalogue office."),
)
Message("import_supplier_suspended", _("{supplier} is suspended and cannot import. Resolve the suspension first."))
Message("import_agreement_not_in_force", _("The framework agreement {agreement} is not in force. Choose one that is."), "agreement")

Message("workbook_damaged", _("The workbook is damaged or cut off. Open it, save it again as XLSX and choose that file."), "file")
Message("workbook_protected", _("The workbook is protected by a password. Save it without one and choose that file."), "file")
Message("workbook_with_macros", _("The workbook holds macros. Save it as XLSX, without macros, and choose that file."), "file")
Message(
    "workbook_too_large",
    _("The workbook unpacks to more than {largest} or to endless cells. Save the price list as CSV in UTF-8 and choose that file."),
    "file",
)
Message(
    "workbook_foreign_part",
    _("The workbook holds «{part}», which no spreadsheet puts there. Save the price list anew as XLSX and choose that file."),
    "file",
)
Message(
    "workbook_with_entities",
    _("The workbook declares entities, which no spreadsheet does. Save the price list anew as XLSX and choose that file."),
    "file",
)

# ---------------------------------------------------------------- what the columns hold
Message("encoding_not_this", _("Line {line} holds bytes that these characters do not have. Choose others."), "encoding")
Message("column_used_twice", _("Column {letter} of the file already is «{other}». Choose another one here, or there."))
Message("column_not_said", _("Say which column of the file holds «{column}»."))

# ---------------------------------------------------------------- what stands in the cells
Message("cell_count", _("The row has {found} cells and the header {expected}. Fill or quote the cells until there are as many."))
Message("cell_empty", _("The cell is empty. Fill it."))
Message("text_too_long", _("The text has {length} characters. Shorten it to {longest} or fewer."))
Message("control_character", _("The text holds characters that cannot be printed. Type it anew."))
Message(
    "cell_with_error",
    _("The cell shows the error of a formula, or one without a result. Correct it in the spreadsheet and save it there."),
)
Message(
    "sku_unknown",
    _("You offer nothing with this code under the agreement. Correct the code, or add the columns that describe a new product."),
    "sku",
)
Message(
    "offer_stands",
    _("You offer something with this code under the agreement already. Change that offer, or give this one another code."),
    "sku",
)
Message("sku_repeated", _("This code is already on line {first_line}. Give each row a code of its own."), "sku")
Message(
    "gtin_malformed",
    _("A GTIN has 8, 12, 13 or 14 digits. Copy all of them, and format the column as text; without a GTIN leave it empty."),
    "gtin",
)
Message("gtin_check_digit", _("The last digit does not fit the others. Copy the GTIN from the package again."), "gtin")
Message("gtin_placeholder", _("Zeros are no GTIN. Leave the cell empty when the product has none."), "gtin")
Message(
    "category_unmapped",
    _("The agreement knows no such category. Use one of its categories, or ask the catalogue office to add this one."),
    "category",
)
Message("unit_unknown", _("The unit is not in use here. Write its code, for example C62 for a unit or XBX for a box."), "unit")
Message("number_malformed", _("This is not a number. Write digits with «{mark}» before the decimals, as in the rest of the file."))
Message("number_not_whole", _("This is not a whole number. Write digits alone, for example 10."))
Message("price_not_positive", _("A price is more than zero. Write the price of one sales unit without VAT."), "price")
Message("price_too_precise", _("The price has more than six decimals. Round it to six or fewer."), "price")
Message("currency_refused", _("Prices are in {currency} here. Convert the price and write {currency}."), "currency")
Message("vat_unknown", _("No VAT category has this percentage today. Write one of these: {known}."), "vat_percent")
Message(
    "address_malformed",
    _("This is no web address. Begin with http:// or https:// and leave no blanks, or leave it empty."),
    "image_url",
)
Message("product_code_unknown", _("No sheet has this code. Look it up in the catalogue, or leave the cell empty."), "product_code")

# ---------------------------------------------------------------- an offer against what stands
Message(
    "sku_of_another_sheet",
    _("You already sell another product as {sku}. Give this one a code of its own, or correct the sheet's code."),
    "product_code",
)
Message(
    "gtin_of_another_sheet",
    _("The row is about «{name}», whose GTIN is another one ({gtin}). Correct the GTIN, or give this product a code of its own."),
    "gtin",
)
Message("sheet_withdrawn", _("«{name}» has been taken out of the catalogue. Leave the row out."), "gtin")
Message("lot_suspended_now", _("The lot «{lot}» is suspended. Import the row again when it is not."), "category")
Message(
    "adjudication_not_in_force_now",
    _("Your adjudication of the lot «{lot}» is not in force today. Ask the catalogue office about it."),
    "category",
)
Message(
    "pack_factor_needed",
    _("The sheet counts in another unit ({base}). Write in pack_factor how many of them one sales unit ({unit}) holds."),
    "unit",
)
Message(
    "pack_of_itself",
    _("One unit ({unit}) cannot hold several of itself. Write 1 here, or the code of the package in the column unit."),
    "pack_factor",
)
Message(
    "pack_changed",
    _("You sell this code by packs of {pack} ({unit}). Keep that, or give the other pack a code of its own."),
    "pack_factor",
)

# ---------------------------------------------------------------- undoing
Message("undo_ordered", _("It has been ordered since: the order keeps its price, and the offer stays as it is."))
Message("undo_changed_since", _("It has been changed since: the later change stays. Correct the offer itself."))
Message("undo_over_ceiling", _("Its earlier price is over the ceiling that holds now. The offer stays as it is."))
Message("undo_accepted", _("A catalogue officer has accepted the proposal. Take the offer off sale if it is to end."))
Message(
    "undo_failed_here",
    _(
        "The fault was ours, and we are told of it: nothing was taken back. Undo it again; if it fails again, ask the catalogue office."
    ),
)
Message("undo_nothing", _("Nothing of this import can be taken back: every row was ordered, changed or accepted since."))

# ---------------------------------------------------------------- deciding
Message("proposal_as_it_was", _("Nothing is corrected yet. Change the sheet, the lot, the CPC code or the shelf."))
Message(
    "proposal_gtin_has_sheet",
    _("The sheet «{name}» ({code}) has the GTIN of this proposal, and a product has one sheet. Choose that one."),
    "product",
)
Message("proposal_decided", _("This proposal has been decided: {status}."))
Message(
    "ceiling_below_offer", _("The price offered is USD {offered} per base unit. Set a ceiling of that or more."), "ceiling_price"
)
Message("mapping_known", _("«{category}» is already mapped here. Change that line instead."), "file_category")
Message("mapping_lot_elsewhere", _("This lot belongs to another agreement. Choose one of {agreement}."), "lot")
