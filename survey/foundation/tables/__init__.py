"""Tables as offices send them (CSV, XLSX, XLS, ODS) as rows of cells; what cannot be read surely is refused by name."""
