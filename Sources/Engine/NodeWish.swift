public import XMPP

/// A node's configuration as we want it: a filled-in form `pubsub#node_config` (XEP-0060 §8.2).
public struct NodeWish: Hashable, Sendable {
    private static let formType = "http://jabber.org/protocol/pubsub#node_config"
    private static let preconditionsFormType =
        "http://jabber.org/protocol/pubsub#publish-options"

    /// What readers could not read without, or would see another thing in their clients.
    private static let essential: Set<String> = Set(
        [
            "access_model", "publish_model", "persist_items", "max_items", "deliver_payloads",
            "notify_retract", "send_last_published_item", "notification_type", "title", "language",
            "type",
        ].map { "pubsub#\($0)" }
    )

    private let fields: [DataForm.Field]

    /// What only a service like ours has, such as what events carry, is left to whoever runs it.
    public init(_ form: DataForm) {
        fields = form.fields.filter { field in
            field.name?.hasPrefix("pubsub#") == true && !Self.isEmpty(field)
        }
    }

    /// What has to be changed in the form a service gives; nil if all is as it should be.
    ///
    /// A choice that is not offered is left out, and so is what the service has no field for; except
    /// for what is essential, since some take more than they offer (ejabberd titles and types).
    public func changes(in offered: DataForm) -> DataForm? {
        let changed = fields.compactMap { wish -> DataForm.Field? in
            guard let name = wish.name else { return nil }
            guard let field = offered[name] else {
                return Self.essential.contains(name) ? wish.submitted : nil
            }
            guard Self.canBe(wish, in: field), !Self.isMet(wish, by: field) else { return nil }
            return DataForm.Field(name, field.type, values: wish.values)
        }
        return changed.isEmpty
            ? nil : DataForm(.submit, formType: Self.formType, fields: changed)
    }

    /// The names of the essential fields in which a service's form is not as it should be.
    public func unmet(by offered: DataForm) -> [String] {
        fields.compactMap { wish in
            guard let name = wish.name, Self.essential.contains(name) else { return nil }
            return offered[name].map { Self.isMet(wish, by: $0) } == true ? nil : name
        }
    }

    /// What the node has to be like for an item to be published there (§7.1.5), of what the
    /// service offered and took.
    public func preconditions(in offered: DataForm) -> DataForm {
        let names = ["pubsub#access_model", "pubsub#persist_items"]
        return DataForm(
            .submit,
            formType: Self.preconditionsFormType,
            fields: fields.filter { wish in
                guard let name = wish.name, names.contains(name) else { return false }
                return offered[name].map { Self.isMet(wish, by: $0) } ?? false
            }
            .map(\.submitted)
        )
    }

    // MARK: -

    private static func isEmpty(_ field: DataForm.Field) -> Bool {
        field.values.allSatisfy(\.isEmpty)
    }

    private static func canBe(_ wish: DataForm.Field, in field: DataForm.Field) -> Bool {
        guard field.type == .listSingle, !field.options.isEmpty else { return true }
        return wish.values.allSatisfy { value in field.options.contains { $0.value == value } }
    }

    /// As many as there may be is said in more than one way.
    private static func isMet(_ wish: DataForm.Field, by field: DataForm.Field) -> Bool {
        guard wish.values != field.values else { return true }
        guard field.type == .boolean || wish.type == .boolean else { return false }
        return wish.values.map(truth) == field.values.map(truth)
    }

    private static func truth(_ value: String) -> Bool { value == "1" || value == "true" }
}

extension DataForm.Field {
    /// As it is filled in.
    fileprivate var submitted: Self { Self(name, type, values: values) }
}
