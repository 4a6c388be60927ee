public import XMPP

/// A command's parameters as a form (XEP-0004), and a filled-in form as its arguments.
public struct CommandForm: Sendable {
    /// What can be chosen for a parameter, by its name; the first is proposed.
    public typealias Options = [String: [DataForm.Field.Option]]

    /// The name under which ``Options`` has the newsletters to choose from, where the address that
    /// was asked does not tell.
    public static let newsletter = "newsletter"

    let command: Command
    let options: Options
    let language: String

    public init(_ command: Command, options: Options, language: String) {
        self.command = command
        self.options = options
        self.language = language
    }

    /// The form to fill in; with `values` in it, if somebody has tried before.
    public func form(values: CommandArguments = [:]) -> DataForm {
        DataForm(
            .form,
            title: command.name.prefix(1).uppercased() + command.name.dropFirst(),
            instructions: command.summary.text(in: language) + ".",
            fields: newsletterField + command.parameters.map { field($0, values.all($0.name)) }
        )
    }

    /// The newsletter that was chosen; nil if there was nothing to choose.
    func newsletter(in form: DataForm) -> String? {
        let chosen = form[Self.newsletter]?.values.first
        return options[Self.newsletter]?.first { $0.value == chosen }?.value
    }

    private var newsletterField: [DataForm.Field] {
        guard let newsletters = options[Self.newsletter], newsletters.count > 1 else { return [] }
        return [
            DataForm.Field(
                Self.newsletter,
                .listSingle,
                label: "Newsletter",
                values: newsletters.first.map { [$0.value] } ?? [],
                options: newsletters,
                isRequired: true
            )
        ]
    }

    /// What was filled in, each as the parameter's kind reads it; what can't be read stays as it is
    /// and is refused by the registry.
    public func arguments(in form: DataForm) -> CommandArguments {
        var values: [String: [String]] = [:]
        for parameter in command.parameters {
            let given = (form[parameter.name]?.values ?? []).filter { !$0.isEmpty }
            let written =
                parameter.kind == .text && !given.isEmpty
                ? [given.joined(separator: "\n")] : given
            values[parameter.name] = written.map { parameter.reading(of: $0) ?? $0 }
        }
        return CommandArguments(values)
    }

    private func field(_ parameter: Parameter, _ values: [String]) -> DataForm.Field {
        var choices = choices(of: parameter)
        var values = values
        if values.isEmpty, !parameter.isRequired, !parameter.isRepeated, !choices.isEmpty {
            choices.insert(Self.nothing, at: 0)
            values = [Self.nothing.value]
        }
        return DataForm.Field(
            parameter.name,
            type(of: parameter, hasChoices: !choices.isEmpty),
            label: parameter.summary.text(in: language).withoutCodeMarks,
            values: values.isEmpty ? proposal(for: parameter, among: choices) : values,
            options: choices,
            isRequired: parameter.isRequired,
            // What is chosen from a list may also be written by clients that show no lists.
            dataType: choices.isEmpty ? nil : "xs:string"
        )
    }

    /// Each has a label, even if it only repeats the value: Profanity shows "(null)" for a choice
    /// without one, Poezio nothing at all.
    private func choices(of parameter: Parameter) -> [DataForm.Field.Option] {
        if case .choice(let values) = parameter.kind { return values.map { .init($0, label: $0) } }
        let known = options[parameter.name] ?? []
        return known.map { .init($0.value, label: $0.label ?? $0.value) }
    }

    /// What stands first where nothing need be chosen: many clients choose the first by themselves.
    private static let nothing = DataForm.Field.Option("", label: "–")

    /// A field that must be filled in is filled in.
    private func proposal(
        for parameter: Parameter,
        among choices: [DataForm.Field.Option]
    ) -> [String] {
        parameter.isRequired ? choices.first.map { [$0.value] } ?? [] : []
    }

    private func type(
        of parameter: Parameter,
        hasChoices: Bool
    ) -> DataForm.Field.FieldType {
        switch (parameter.isRepeated, hasChoices) {
        case (true, true): .listMulti
        case (true, false): .textMulti
        case (false, true): .listSingle
        case (false, false): parameter.kind == .text ? .textMulti : .textSingle
        }
    }
}

extension String {
    /// Back ticks are for those who read the help; a form shows them as they are.
    fileprivate var withoutCodeMarks: String { filter { $0 != "`" } }
}
