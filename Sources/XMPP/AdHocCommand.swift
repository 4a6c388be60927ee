public import XML

/// A step of an ad-hoc command, asked for or answered (XEP-0050).
public struct AdHocCommand: Hashable, Sendable {
    public enum Action: String, Sendable, CaseIterable {
        case execute, cancel, prev, next, complete
    }

    public enum Status: String, Sendable, CaseIterable {
        case executing, completed, canceled
    }

    /// What may be done next with a form, and what `execute` stands for (XEP-0050 §3.4).
    public struct Choices: Hashable, Sendable {
        public var actions: [Action]
        public var execute: Action?

        public init(_ actions: [Action], execute: Action? = nil) {
            self.actions = actions
            self.execute = execute
        }
    }

    /// A sentence for the user (XEP-0050 §3.3).
    public struct Note: Hashable, Sendable {
        public enum Severity: String, Sendable, CaseIterable {
            case info, warn, error
        }

        public var severity: Severity
        public var text: String

        public init(_ severity: Severity, _ text: String) {
            self.severity = severity
            self.text = text
        }
    }

    public var node: String
    public var sessionID: String?
    /// What is asked for; nil in an answer.
    public var action: Action?
    /// How it stands; nil in a request.
    public var status: Status?
    public var choices: Choices?
    public var form: DataForm?
    public var notes: [Note]

    public init(
        node: String,
        sessionID: String? = nil,
        action: Action? = nil,
        status: Status? = nil,
        choices: Choices? = nil,
        form: DataForm? = nil,
        notes: [Note] = []
    ) {
        self.node = node
        self.sessionID = sessionID
        self.action = action
        self.status = status
        self.choices = choices
        self.form = form
        self.notes = notes
    }
}

// MARK: - XML

extension AdHocCommand {
    /// Reads a `<command/>`; an action that is missing or unknown is `execute`.
    public init(_ element: Element) {
        self.init(
            node: element["node"] ?? "",
            sessionID: element["sessionid"],
            action: element["action"].flatMap(Action.init(rawValue:)) ?? .execute,
            status: element["status"].flatMap(Status.init(rawValue:)),
            choices: element.child("actions").map(Choices.init),
            form: element.child("x", in: .dataForms).map(DataForm.init),
            notes: element.children("note").map(Note.init)
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
        ) {
            choices?.element
            form?.element
            notes.map(\.element)
        }
    }
}

extension AdHocCommand.Choices {
    fileprivate init(_ element: Element) {
        actions = element.elements.compactMap { AdHocCommand.Action(rawValue: $0.name) }
        execute = element["execute"].flatMap(AdHocCommand.Action.init(rawValue:))
    }

    fileprivate var element: Element {
        Element("actions", ["execute": execute?.rawValue]) {
            for action in actions {
                Element(action.rawValue)
            }
        }
    }
}

extension AdHocCommand.Note {
    /// A type that is missing or unknown is `info`.
    fileprivate init(_ element: Element) {
        severity = element["type"].flatMap(Severity.init(rawValue:)) ?? .info
        text = element.text
    }

    fileprivate var element: Element {
        Element("note", ["type": severity.rawValue]) { text }
    }
}
