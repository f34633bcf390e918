"""Moving house: what another host's feed says, what becomes of it here, and whether subscribers notice."""
