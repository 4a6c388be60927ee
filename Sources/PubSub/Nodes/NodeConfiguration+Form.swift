import Storage
import XMPP

/// The configuration of a node as the form `pubsub#node_config` (XEP-0060 §8.2).
extension NodeConfiguration {
    static let formType = "http://jabber.org/protocol/pubsub#node_config"

    /// The form to fill in, or as subscribers are told of it.
    func dataForm(_ type: DataForm.FormType, settings: PubSubSettings) -> DataForm {
        DataForm(
            type,
            formType: Self.formType,
            title: type == .form ? "Configuration of the node" : nil,
            fields: ConfigurationField.all.map { $0.field(of: self, settings: settings) }
        )
    }

    /// Takes over what a filled-in form says.
    ///
    /// A field that is left out stays as it is, which need not be its default, and one that is not
    /// known is ignored (XEP-0004 §3.2).
    mutating func apply(_ submitted: DataForm, settings: PubSubSettings) throws(PubSubError) {
        if submitted.type == .cancel { return }
        if let type = submitted.formType, type != Self.formType { throw .wrongForm(type) }
        for field in submitted.fields {
            guard let name = field.name else { continue }
            if let known = ConfigurationField.byName[name] {
                try known.apply(field.values, to: &self, settings: settings)
            } else if name == "pubsub#node_type", field.values != ["leaf"] {
                throw .invalidConfiguration(
                    field: name,
                    value: field.values.joined(separator: ", ")
                )
            }
        }
    }

    static let preconditionsFormType = "http://jabber.org/protocol/pubsub#publish-options"

    /// What the node must be like to be published at, taken over as for a new node (§7.1.5).
    ///
    /// A field that is not known can't be met.
    mutating func apply(
        preconditions: DataForm,
        settings: PubSubSettings
    ) throws(PubSubError) {
        guard preconditions.formType == Self.preconditionsFormType else {
            throw .wrongForm(preconditions.formType ?? "")
        }
        for field in preconditions.fields {
            guard let name = field.name, name != "FORM_TYPE" else { continue }
            guard let known = ConfigurationField.byName[name] else {
                throw .preconditionNotMet(name)
            }
            try known.apply(field.values, to: &self, settings: settings)
        }
    }

    /// Whether the node is as the publisher expects it (§7.1.5).
    func check(_ preconditions: DataForm, settings: PubSubSettings) throws(PubSubError) {
        var wanted = self
        try wanted.apply(preconditions: preconditions, settings: settings)
        guard wanted != self else { return }
        let different = ConfigurationField.all.first { field in
            field.field(of: self, settings: settings) != field.field(of: wanted, settings: settings)
        }
        throw .preconditionNotMet(different?.name ?? "")
    }
}
