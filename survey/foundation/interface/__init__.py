"""How JSON from and for programs is described and checked."""
