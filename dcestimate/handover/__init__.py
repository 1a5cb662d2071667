"""What one hands over: a workbook, a page or a document of an estimate or of a plan, and the check of a workbook."""
