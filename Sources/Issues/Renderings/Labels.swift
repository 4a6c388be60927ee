/// The few words of our own that stand in a rendering, in the reader's language.
struct Labels: Hashable {
    var readOnline: String
    var contents: String
    var image: String

    /// `%wanted` and `%have` stand for languages, as `languages` says them.
    private var notTranslated: String

    /// How to say that something is in a language.
    private var languages: [String: String]

    /// The words in a language, or in English for those we have no words for.
    init(in language: String) {
        self = Self.all[Self.primary(language)] ?? Self.english
    }

    /// Tells that the issue is not there yet in the reader's language.
    func notTranslated(wanted: String, have: String) -> String {
        notTranslated.replacing("%wanted", with: name(wanted)).replacing("%have", with: name(have))
    }

    private func name(_ language: String) -> String {
        languages[Self.primary(language)] ?? "“\(language)”"
    }

    private static func primary(_ language: String) -> String {
        language.prefix { $0 != "-" }.lowercased()
    }

    private init(
        _ readOnline: String,
        _ contents: String,
        _ image: String,
        _ notTranslated: String,
        _ languages: [String: String]
    ) {
        self.readOnline = readOnline
        self.contents = contents
        self.image = image
        self.notTranslated = notTranslated
        self.languages = languages
    }

    private static let english = Labels(
        "Read online:",
        "Contents:",
        "Image",
        "Not yet in %wanted; here is the original in %have.",
        [
            "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian",
            "pt": "Portuguese", "ar": "Arabic",
        ]
    )

    private static let all: [String: Labels] = [
        "en": english,
        "de": Labels(
            "Im Web lesen:",
            "Inhalt:",
            "Bild",
            "Noch nicht auf %wanted; hier ist das Original auf %have.",
            [
                "en": "Englisch", "de": "Deutsch", "fr": "Französisch", "es": "Spanisch",
                "it": "Italienisch", "pt": "Portugiesisch", "ar": "Arabisch",
            ]
        ),
        "fr": Labels(
            "Lire en ligne :",
            "Sommaire :",
            "Image",
            "Pas encore en %wanted ; voici l’original en %have.",
            [
                "en": "anglais", "de": "allemand", "fr": "français", "es": "espagnol",
                "it": "italien", "pt": "portugais", "ar": "arabe",
            ]
        ),
        "es": Labels(
            "Leer en línea:",
            "Contenido:",
            "Imagen",
            "Todavía no está en %wanted; aquí está el original en %have.",
            [
                "en": "inglés", "de": "alemán", "fr": "francés", "es": "español",
                "it": "italiano", "pt": "portugués", "ar": "árabe",
            ]
        ),
        "it": Labels(
            "Leggi online:",
            "Contenuti:",
            "Immagine",
            "Non ancora in %wanted; ecco l’originale in %have.",
            [
                "en": "inglese", "de": "tedesco", "fr": "francese", "es": "spagnolo",
                "it": "italiano", "pt": "portoghese", "ar": "arabo",
            ]
        ),
        "pt": Labels(
            "Ler na web:",
            "Conteúdo:",
            "Imagem",
            "Ainda não está em %wanted; aqui está o original em %have.",
            [
                "en": "inglês", "de": "alemão", "fr": "francês", "es": "espanhol",
                "it": "italiano", "pt": "português", "ar": "árabe",
            ]
        ),
        "ar": Labels(
            "للقراءة على الويب:",
            "المحتويات:",
            "صورة",
            "غير متوفر بعد باللغة %wanted؛ إليك الأصل باللغة %have.",
            [
                "en": "الإنجليزية", "de": "الألمانية", "fr": "الفرنسية", "es": "الإسبانية",
                "it": "الإيطالية", "pt": "البرتغالية", "ar": "العربية",
            ]
        ),
    ]
}
