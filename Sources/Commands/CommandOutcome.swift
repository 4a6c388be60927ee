/// How a command ended, with what to say about it.
public enum CommandOutcome: Hashable, Sendable {
    case done(String)
    /// Nothing was done: it may not be, or it was not understood.
    case refused(String)
    /// It was tried and something went wrong.
    case failed(String)
    /// Nothing was done yet: it waits for a yes or a no.
    case question(String)

    public var text: String {
        switch self {
        case .done(let text), .refused(let text), .failed(let text), .question(let text): text
        }
    }
}

/// Where a command says what happens while it works; a face implements it.
public protocol CommandResponder: Sendable {
    /// Says something before the outcome, such as "Publishing… 2 of 3".
    func progress(_ text: String) async

    /// Whether something can still be said here when the command has ended.
    var speaksLater: Bool { get }

    /// Lets people approve an issue, `NEWSLETTER/ISSUE`, by a sign on what is answered.
    func asksToApprove(_ issue: String) async
}

extension CommandResponder {
    /// What is answered to a form or a shell is answered once.
    public var speaksLater: Bool { false }

    /// Most places have no signs.
    public func asksToApprove(_ issue: String) async {}
}
