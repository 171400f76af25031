"""The browser pages: templates, their words, and the style sheet and scripts they are served with."""
