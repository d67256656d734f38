"""The same records checked in each form of file: the same is found and the same is sent (domain §8)."""

from pathlib import Path

import pytest
from tests.unit.batch_files.checked import GOOD, OPTIONS, leading, told

from uln_contract.batch_files.checking import open_checked
from uln_contract.batch_files.rows import FileForm, Written
from uln_contract.batch_files.value_codes import ValueCode
from uln_contract.batch_files.writing import writer
from uln_contract.layouts import LAYOUTS, Layout


def _written(folder: Path, layout: Layout, form: FileForm) -> Path:
    """Write a good record and one with a postcode or name to be put right and a date of another form."""
    extension = form.upper() if layout.extension_upper and form is not FileForm.XLSX else form
    path = folder / f"{layout.file_name_example}.{extension}"
    good = GOOD[layout.name]
    birth = next(each for each in layout.names if each.casefold() == "dateofbirth")
    second = {**good, "FamilyName": "  Siân ", birth: "16/08/2001"}
    first = {**good, **leading(layout, 2)}
    if layout.of_file:
        first["FileName"] = path.name
    with writer(path, Written(form), layout.names, layout=layout) as file:
        for record in (first, second):
            file.row([record.get(each, "") for each in layout.names])
    return path


@pytest.mark.parametrize("form", FileForm)
@pytest.mark.parametrize("name", LAYOUTS)
def test_in_every_form_the_same_is_found(tmp_path: Path, name: str, form: FileForm) -> None:
    layout = LAYOUTS[name]
    birth = next(each for each in layout.names if each.casefold() == "dateofbirth")
    other_date = "FD003" if name == "achievement" else ValueCode.OTHER_DATE.value
    with open_checked(_written(tmp_path, layout, form), kind=layout.kind, options=OPTIONS) as file:
        good, other = file.rows()
        assert file.layout is layout
        assert [each.code for each in file.findings] == ([ValueCode.FEW.value] if layout.of_file else [])
    assert (good.values, good.findings) == (GOOD[name], ())
    assert sorted(told(other), key=str) == sorted(
        [(ValueCode.WHITE_SPACE.value, "FamilyName"), (other_date, birth)], key=str
    )
    assert other.values["FamilyName"] == "Siân"
    assert other.number == good.number + 1
