"""Forms of the inspection pages."""
