"""Forms of polls."""
