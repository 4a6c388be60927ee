/// Where a conversation went another way than its script, or why the script cannot be played.
public enum ConversationError: Error, Hashable, Sendable {
    case emptyScript
    case unreadable(line: Int, text: String)
    /// `got` is nil when nothing came.
    case heardOtherwise(line: Int, person: String, expected: String, got: String?, why: String)
    case expectedSilence(line: Int, person: String, got: String)
    /// At the end somebody had got what the script doesn't mention.
    case unmentioned(person: String, got: String)
}

extension ConversationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .emptyScript: "The script has no lines."
        case .unreadable(let line, let text):
            "Line \(line) is neither `name > <stanza/>`, `name < <stanza/>` nor `name < nothing`:\n"
                + text
        case .heardOtherwise(let line, let person, let expected, let got, let why):
            """
            Line \(line): \(person) was to get
            \(expected)
            but got \(got.map { "\n\($0)" } ?? "nothing")
            Difference: \(why)
            """
        case .expectedSilence(let line, let person, let got):
            "Line \(line): \(person) was to get nothing, but got\n\(got)"
        case .unmentioned(let person, let got):
            "At the end \(person) had got what the script does not mention:\n\(got)"
        }
    }
}
