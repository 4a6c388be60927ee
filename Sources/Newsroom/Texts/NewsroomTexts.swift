import Commands
import Localization

/// What the newsroom says to people, in all languages it knows.
enum NewsroomTexts {
    static let all = TextCollection([
        "en": PackageResources.texts_en_txt, "de": PackageResources.texts_de_txt,
        "fr": PackageResources.texts_fr_txt, "es": PackageResources.texts_es_txt,
        "it": PackageResources.texts_it_txt,
    ])

    static let english = all.texts(in: "en")
}

extension CommandInvocation {
    /// The newsroom's texts in the language to answer in.
    var texts: Texts { NewsroomTexts.all.texts(in: language) }
}

extension NewsletterDesk {
    /// The newsroom's texts in the language of its rooms.
    var texts: Texts { NewsroomTexts.all.texts(in: language) }
}

extension LocalizedText {
    /// One of the newsroom's texts.
    static func text(_ key: String) -> LocalizedText {
        LocalizedText(key, in: NewsroomTexts.all)
    }
}

/// Something that went wrong, and that can be told in other languages than English.
protocol Explained: Error, CustomStringConvertible {
    func explanation(in texts: Texts) -> String
}

extension Explained {
    var description: String { explanation(in: NewsroomTexts.english) }
}

extension Texts {
    /// What went wrong: in the language of the texts if it can be told in it, else in English.
    func reason(_ error: any Error) -> String {
        (error as? any Explained)?.explanation(in: self) ?? "\(error)"
    }
}
