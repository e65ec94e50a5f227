"""What embedded artefacts cost, without a GPU."""
