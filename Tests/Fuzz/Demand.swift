/// Ends the run with the message if the condition does not hold.
///
/// An optimised `precondition` would end it without a word.
func demand(_ condition: Bool, _ message: @autoclosure () -> String) {
    if !condition { fatalError(message()) }
}
