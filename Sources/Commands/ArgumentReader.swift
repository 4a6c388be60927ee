/// Gives the words after a command's name to its parameters.
struct ArgumentReader {
    enum Mistake: Error, Hashable {
        case missing(Parameter)
        case surplus(String)
        case unreadable(String, for: Parameter)
        case openQuote(String)
    }

    private let parameters: [Parameter]
    private var arguments: CommandArguments = [:]
    private var filled: Set<String> = []

    private init(_ parameters: [Parameter]) {
        self.parameters = parameters
    }

    static func read(
        _ words: WordReader,
        for parameters: [Parameter]
    ) throws(Mistake) -> CommandArguments {
        var reader = ArgumentReader(parameters)
        try reader.read(words)
        return reader.arguments
    }

    /// What is wrong with arguments that come from elsewhere than a line; nil if nothing is.
    static func flaw(in arguments: CommandArguments, for parameters: [Parameter]) -> Mistake? {
        for parameter in parameters {
            let values = arguments.all(parameter.name)
            if values.isEmpty && parameter.isRequired { return .missing(parameter) }
            if values.count > 1 && !parameter.isRepeated { return .surplus(values[1]) }
            let unreadable = values.first { parameter.reading(of: $0) == nil }
            if let unreadable { return .unreadable(unreadable, for: parameter) }
        }
        return nil
    }

    private mutating func read(_ source: WordReader) throws(Mistake) {
        var words = source
        while true {
            let beforeWord = words
            let wantsOnlyText = open.count == 1 && open[0].kind == .text
            guard let word = try wantsOnlyText ? words.remainder() : Self.nextWord(of: &words)
            else { break }
            if !wantsOnlyText, let led = led(by: word) {
                guard let value = try Self.value(for: led, from: &words) else {
                    throw .missing(led)
                }
                fill(led, with: value)
                continue
            }
            let (parameter, value) = try place(for: word)
            if parameter.kind == .text && !wantsOnlyText {
                words = beforeWord
                fill(parameter, with: words.remainder() ?? value)
            } else {
                fill(parameter, with: value)
            }
        }
        if let missing = parameters.first(where: { $0.isRequired && !filled.contains($0.name) }) {
            throw .missing(missing)
        }
    }

    private static func nextWord(of words: inout WordReader) throws(Mistake) -> String? {
        do {
            return try words.next()
        } catch {
            throw .openQuote(error.text)
        }
    }

    /// The parameters that still wait for a word, in order.
    private var open: [Parameter] {
        parameters.filter { $0.lead == nil && ($0.isRepeated || !filled.contains($0.name)) }
    }

    /// The parameter that the word announces, if it does and has nothing yet.
    private func led(by word: String) -> Parameter? {
        parameters.first { $0.lead == word.lowercased() && !filled.contains($0.name) }
    }

    private static func value(
        for parameter: Parameter,
        from words: inout WordReader
    ) throws(Mistake) -> String? {
        if parameter.kind == .text { return words.remainder() }
        guard let word = try nextWord(of: &words) else { return nil }
        guard let value = parameter.reading(of: word) else {
            throw .unreadable(word, for: parameter)
        }
        return value
    }

    /// The next parameter, or among optional ones the first that the word fits.
    ///
    /// Choices are asked first, since a word such as `web` could be a language as well.
    private func place(for word: String) throws(Mistake) -> (Parameter, value: String) {
        guard let next = open.first else { throw .surplus(word) }
        let candidates = next.isRequired ? [next] : open
        let inOrder = candidates.filter(\.isChoice) + candidates.filter { !$0.isChoice }
        for parameter in inOrder {
            if let value = parameter.reading(of: word) { return (parameter, value) }
        }
        throw .unreadable(word, for: next)
    }

    private mutating func fill(_ parameter: Parameter, with value: String) {
        arguments.append(value, for: parameter.name)
        filled.insert(parameter.name)
    }
}
