"""The options by which a learner is named to be verified."""

from typing import Annotated

import typer

Uln = Annotated[str, typer.Argument(help="Unique Learner Number, 10 digits.", metavar="ULN")]
GivenName = Annotated[str, typer.Option(help="Given name.")]
FamilyName = Annotated[str, typer.Option(help="Family name.")]
DateOfBirth = Annotated[str | None, typer.Option(help="Date of birth.", metavar="YYYY-MM-DD")]
Gender = Annotated[
    str | None, typer.Option(help="0 not known, 1 male, 2 female, 9 not specified.", metavar="0|1|2|9")
]
