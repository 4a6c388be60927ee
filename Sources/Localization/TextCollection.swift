internal import Synchronization

/// What a part of the program says, in all languages it was translated to.
public struct TextCollection: Sendable {
    private let shelf: Shelf

    /// Takes the files of texts that are compiled in, by language tag in lower case (RFC 5646).
    ///
    /// A file is read when its language is asked for. The tests see that all can be read; one that
    /// can't is as good as empty.
    public init(_ files: [String: [UInt8]]) {
        shelf = Shelf(files)
    }

    /// The languages there are, in no order.
    public var languages: [String] { Array(shelf.files.keys) }

    /// The texts in the language asked for, or in the nearest wider one (RFC 4647 §3.4).
    ///
    /// `fr-CA` falls back to `fr`, and that to English.
    public func texts(in language: String) -> Texts {
        var range = language.lowercased()[...]
        while !range.isEmpty {
            if let texts = shelf.texts(String(range)) { return texts }
            range = range[..<(range.lastIndex(of: "-") ?? range.startIndex)]
        }
        return shelf.english
    }
}

/// A collection is made once for each part of the program, and equal to itself alone.
extension TextCollection: Hashable {
    public static func == (one: TextCollection, other: TextCollection) -> Bool {
        one.shelf === other.shelf
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(shelf))
    }
}

/// The files of a collection, and the texts of those that were opened.
private final class Shelf: Sendable {
    let files: [String: [UInt8]]
    let english: Texts
    private let opened = Mutex<[String: Texts]>([:])

    init(_ files: [String: [UInt8]]) {
        self.files = files
        english = Texts(language: "en", Self.read(files["en"] ?? []))
    }

    func texts(_ language: String) -> Texts? {
        guard let file = files[language] else { return nil }
        if language == "en" { return english }
        return opened.withLock { opened in
            if let texts = opened[language] { return texts }
            let texts = Texts(language: language, Self.read(file), fallback: english)
            opened[language] = texts
            return texts
        }
    }

    private static func read(_ bytes: [UInt8]) -> [String: String] {
        (try? TextFile(String(decoding: bytes, as: UTF8.self)))?.texts ?? [:]
    }
}
