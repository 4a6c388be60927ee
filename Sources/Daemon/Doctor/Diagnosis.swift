/// What one look at the installation has shown.
public struct Diagnosis: Hashable, Sendable, Codable {
    public enum Verdict: String, Hashable, Sendable, Codable {
        case fine
        /// It works, and had better be otherwise.
        case warning
        /// It does not work before somebody acts.
        case failed
        /// Another failure made it impossible to look.
        case skipped
    }

    /// What was looked at: a word or two.
    public var step: String
    public var verdict: Verdict
    /// What was found, and what to do about it: sentences.
    public var text: String

    public init(_ step: String, _ verdict: Verdict, _ text: String) {
        self.step = step
        self.verdict = verdict
        self.text = text
    }
}
