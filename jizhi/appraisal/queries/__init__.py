"""Reads of the appraisal room."""
