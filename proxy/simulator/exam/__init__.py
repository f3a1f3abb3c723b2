"""An exam for SMPP clients."""
