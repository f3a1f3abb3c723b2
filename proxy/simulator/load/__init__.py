"""A client that sends as fast, or as steadily, as it is told to: ``load`` measures, ``report`` shows."""
