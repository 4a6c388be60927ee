import Commands
import Localization

/// What newsletters say to their readers, in all languages they know.
enum ReaderTexts {
    static let all = TextCollection([
        "en": PackageResources.texts_en_txt, "de": PackageResources.texts_de_txt,
        "fr": PackageResources.texts_fr_txt, "es": PackageResources.texts_es_txt,
        "it": PackageResources.texts_it_txt,
    ])

    /// In the language of a stanza; English if it names none.
    static func texts(in language: String?) -> Texts {
        all.texts(in: language ?? "en")
    }

    static func everywhere(_ key: String) -> LocalizedText {
        LocalizedText(key, in: all)
    }
}

extension CommandInvocation {
    /// The readers' texts in the language to answer in.
    var texts: Texts { ReaderTexts.texts(in: language) }
}

extension LocalizedText {
    /// One of the readers' texts.
    static func text(_ key: String) -> LocalizedText { ReaderTexts.everywhere(key) }
}
