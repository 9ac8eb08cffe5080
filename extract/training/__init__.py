"""How the model in `extract/model/` is made: invented meetings, the network, its export. Not needed at run time."""
