public import XMPP

/// A node at an engine, which is made and changed until it is as wanted, as far as that goes.
public struct EngineNode: Sendable {
    private let node: NodeID
    private let client: EngineClient

    public init(_ node: NodeID, _ client: EngineClient) {
        self.node = node
        self.client = client
    }

    /// Its configuration; nil if it is not there.
    ///
    /// - Throws: ``EngineError/notOwned(_:_:)`` too: a configuration is for the owners of a node.
    public func look() async throws(EngineError) -> DataForm? {
        do {
            return try await client.configuration(of: node)
        } catch {
            guard case .refused = error, error.remedy == .setting, !error.isUnsupported else {
                throw error
            }
            throw .notOwned(node, "\(error)")
        }
    }

    /// Makes it.
    public func create() async throws(EngineError) {
        try await client.create(node)
    }

    /// The configuration of a node that is there.
    public func configuration() async throws(EngineError) -> DataForm {
        guard let form = try await client.configuration(of: node) else {
            throw .unreadable("configuration of '\(node)'")
        }
        return form
    }

    /// Changes in its configuration what is not as wanted, and gives what it is then.
    public func fit(_ wish: NodeWish, to form: DataForm) async throws(EngineError) -> DataForm {
        guard let changes = wish.changes(in: form) else { return form }
        try await change(changes)
        return try await configuration()
    }

    /// One value that a service refuses is not to keep it from the others.
    private func change(_ changes: DataForm) async throws(EngineError) {
        guard try await !isTaken(changes) else { return }
        for field in changes.fields where field.name != "FORM_TYPE" {
            // What is not as wanted is told of when all of it was tried.
            _ = try await isTaken(
                DataForm(.submit, formType: changes.formType, fields: [field])
            )
        }
    }

    private func isTaken(_ changes: DataForm) async throws(EngineError) -> Bool {
        do {
            try await client.configure(node, changes)
            return true
        } catch {
            guard case .refused = error else { throw error }
            return false
        }
    }
}
