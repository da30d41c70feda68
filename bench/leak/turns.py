def all_of(made, ways, options):
    return {}
