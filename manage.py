#!/usr/bin/env python
"""Django's own commands (migrate, makemigrations); everything for users is in the jizhi command."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jizhi.settings")
    execute_from_command_line(sys.argv)
