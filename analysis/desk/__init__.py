"""Reviewers' pages: they show figures and never compute one."""
