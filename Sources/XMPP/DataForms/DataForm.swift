public import XML

/// A data form (XEP-0004).
public struct DataForm: Hashable, Sendable {
    public enum FormType: String, Sendable, CaseIterable {
        case form, submit, cancel, result
    }

    public struct Field: Hashable, Sendable {
        public enum FieldType: String, Sendable, CaseIterable {
            case boolean, fixed, hidden
            case jidMulti = "jid-multi"
            case jidSingle = "jid-single"
            case listMulti = "list-multi"
            case listSingle = "list-single"
            case textMulti = "text-multi"
            case textPrivate = "text-private"
            case textSingle = "text-single"
        }

        public struct Option: Hashable, Sendable {
            public var label: String?
            public var value: String

            public init(_ value: String, label: String? = nil) {
                self.label = label
                self.value = value
            }
        }

        /// The field's name; only a `fixed` field has none.
        public var name: String?
        /// Nil in a submitted form that does not say it.
        public var type: FieldType?
        public var label: String?
        public var values: [String]
        public var options: [Option]
        public var isRequired: Bool
        /// What a value must be, such as `xs:integer` (XEP-0122).
        public var dataType: String?

        public init(
            _ name: String?,
            _ type: FieldType? = nil,
            label: String? = nil,
            values: [String],
            options: [Option] = [],
            isRequired: Bool = false,
            dataType: String? = nil
        ) {
            self.name = name
            self.type = type
            self.label = label
            self.values = values
            self.options = options
            self.isRequired = isRequired
            self.dataType = dataType
        }
    }

    public var type: FormType
    public var title: String?
    public var instructions: String?
    public var fields: [Field]

    /// A form; with `formType` its first field is the hidden `FORM_TYPE` (XEP-0068).
    public init(
        _ type: FormType,
        formType: String? = nil,
        title: String? = nil,
        instructions: String? = nil,
        fields: [Field]
    ) {
        self.type = type
        self.title = title
        self.instructions = instructions
        let hidden = formType.map { Field("FORM_TYPE", .hidden, values: [$0]) }
        self.fields = (hidden.map { [$0] } ?? []) + fields
    }

    /// What the form is about (XEP-0068).
    public var formType: String? {
        self["FORM_TYPE"]?.values.first
    }

    /// The field of that name; an omitted field is nil, which does not mean its default.
    public subscript(name: String) -> Field? {
        fields.first { $0.name == name }
    }
}

// MARK: - XML

extension DataForm {
    /// Reads an `<x/>`; a type that does not exist counts as `form`.
    public init(_ element: Element) {
        type = element["type"].flatMap(FormType.init(rawValue:)) ?? .form
        title = element.child("title")?.text
        instructions = element.child("instructions")?.text
        fields = element.children("field").map(Field.init)
    }

    public var element: Element {
        Element("x", in: .dataForms, ["type": type.rawValue]) {
            if let title { Element("title") { title } }
            if let instructions { Element("instructions") { instructions } }
            fields.map(\.element)
        }
    }
}

extension DataForm.Field {
    init(_ element: Element) {
        name = element["var"]
        type = element["type"].flatMap(FieldType.init(rawValue:))
        label = element["label"]
        values = element.children("value").map(\.text)
        options = element.children("option").compactMap { option in
            option.child("value").map { Option($0.text, label: option["label"]) }
        }
        isRequired = element.child("required") != nil
        dataType = element.child("validate", in: .dataFormValidation)?["datatype"]
    }

    var element: Element {
        Element("field", ["var": name, "type": type?.rawValue, "label": label]) {
            if let dataType {
                Element("validate", in: .dataFormValidation, ["datatype": dataType]) {
                    Element("basic")
                }
            }
            if isRequired { Element("required") }
            for value in values {
                Element("value") { value }
            }
            for option in options {
                Element("option", ["label": option.label]) { Element("value") { option.value } }
            }
        }
    }
}
