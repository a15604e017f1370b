"""Editions of an owner's method: drafted, checked, compared, published by a decision, retired."""
