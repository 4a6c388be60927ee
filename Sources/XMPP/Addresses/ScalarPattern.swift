import Foundation

/// A regular expression over properties of Unicode that the standard library has no names for.
struct ScalarPattern: Sendable {
    private let expression: NSRegularExpression

    /// - Parameter pattern: ICU's syntax; one that is wrong is our mistake, and ends the program.
    init(_ pattern: String) {
        do {
            expression = try NSRegularExpression(pattern: pattern)
        } catch {
            preconditionFailure("ICU refuses the pattern \(pattern): \(error)")
        }
    }

    func matches(_ text: String) -> Bool {
        let range = NSRange(text.startIndex..., in: text)
        return expression.firstMatch(in: text, range: range) != nil
    }

    func matches(_ scalar: Unicode.Scalar) -> Bool {
        matches(String(scalar))
    }
}
