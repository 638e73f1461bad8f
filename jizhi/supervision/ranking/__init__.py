"""处室考核排名: computed, shown to the department first, appealed, talked over, then published."""
