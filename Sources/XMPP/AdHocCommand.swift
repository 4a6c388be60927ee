public import XML

/// A step of an ad-hoc command, asked for or answered (XEP-0050).
public struct AdHocCommand: Hashable, Sendable {
    public enum Action: String, Sendable, CaseIterable {
        case execute, cancel, prev, next, complete
    }

    public enum Status: String, Sendable, CaseIterable {
        case executing, completed, canceled
    }

    public var node: String
    public var sessionID: String?
    /// What is asked for; nil in an answer.
    public var action: Action?
    /// How it stands; nil in a request.
    public var status: Status?
    public var form: DataForm?

    public init(
        node: String,
        sessionID: String? = nil,
        action: Action? = nil,
        status: Status? = nil,
        form: DataForm? = nil
    ) {
        self.node = node
        self.sessionID = sessionID
        self.action = action
        self.status = status
        self.form = form
    }

    /// Reads a `<command/>`; an action that is missing or unknown is `execute`.
    public init(_ element: Element) {
        self.init(
            node: element["node"] ?? "",
            sessionID: element["sessionid"],
            action: element["action"].flatMap(Action.init(rawValue:)) ?? .execute,
            status: element["status"].flatMap(Status.init(rawValue:)),
            form: element.child("x", in: .dataForms).map(DataForm.init)
        )
    }

    public var element: Element {
        Element(
            "command",
            in: .commands,
            [
                "node": node, "sessionid": sessionID, "action": action?.rawValue,
                "status": status?.rawValue,
            ]
        ) { form?.element }
    }
}
