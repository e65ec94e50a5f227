// A constraint.
let summary = "an op whose result is used";
