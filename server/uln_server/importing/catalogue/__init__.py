"""Taking a list of qualifications and units into the catalogue: our own form, or the regulator's export."""
