"""One job of production per file, named by its verb; `ports` holds what they ask of the outside."""
