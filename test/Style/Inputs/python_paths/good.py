print("no change")
