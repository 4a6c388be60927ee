extension Taxonomy {
    /// The sections of the XMPP Newsletter, with what other newsletters call the last ones.
    ///
    /// Numbers, accents, signs and "XMPP" do not count, and neither does a single wrong letter, so
    /// these are only the titles that differ in their words.
    public static let xmppNewsletter: Taxonomy = {
        do {
            return try Taxonomy(yaml: xmppNewsletterSource)
        } catch {
            preconditionFailure("The taxonomy that comes with the program: \(error)")
        }
    }()

    /// What `xmppNewsletter` is made of: a pattern for a taxonomy of one's own.
    public static let xmppNewsletterSource = """
        announcements:
          en: XSF Announcements | XSF Announcement | Announcements | XMPP Standards Foundation
          de: Meldungen der XSF | XSF Meldungen | Ankündigungen der XSF | XSF Ankündigungen
          fr: Annonces de la XSF | Annonces XSF
          es: Anuncios de la XSF
          it: Annunci dalla XSF | Annunci XSF
          pt-br: Comunicados da XSF
        membership:
          within: announcements
          en: XSF Membership | Call for XSF Membership
          de: XSF-Mitgliedschaft | Mitgliedschaft in der XSF
          fr: Adhésion à la XSF
          it: Adesione alla XSF | Invito ad aderire alla XSF | Iscrizione alla XSF | Iscrizione a XSF
          pt-br: Associação à XSF
        fiscal-hosting:
          within: announcements
          en: XSF Fiscal Hosting Projects
          de: Spenden für XMPP-Projekte | XSF fiscal hosting Projekte
            | XSF finanziell bewirtete Projekte
          fr: Hébergement fiscal de projets par la XSF | Projets d'hébergement fiscal XSF
          es: Proyecto de Hosting Fiscal XSF | XSF patrocinando proyectos
          it: Progetti di hosting fiscale XSF | Progetti ospitati fiscalmente dalla XSF
          pt-br: Projetos de Hospedagem Fiscal da XSF
        gsoc:
          within: announcements
          en: XMPP and Google Summer of Code | Google Summer of Code
            | Google Summer of Code Projects | GSoC
          de: XMPP beim Google Summer of Code
          fr: XMPP et le Google Summer of Code
          es: XMPP en el "Google Summer of Code" | XMPP y el "Google Summer of Code"
          it: XMPP e Google Summer of Code
        summit:
          within: announcements
          en: XMPP Summit & FOSDEM | XMPP Summit | FOSDEM | XMPP at FOSDEM
          de: XMPP auf der FOSDEM | XMPP bei der FOSDEM
          it: XMPP al FOSDEM
        elections:
          within: announcements
          en: XSF Board and Council Elections | New XSF Board and Council
          de: Wahlen zum XSF-Direktorat und -Beirat
          fr: Nouveau XSF Board et Council
          it: Elezioni del consiglio di amministrazione e del comitato consultivo XSF
        news:
          en: News
        events:
          en: XMPP Events | Events | Upcoming Events | Recent Events | XMPP Sprints
          de: Veranstaltungen | XMPP-Events
          fr: Événements XMPP | Sprints XMPP
          es: Eventos
          it: Eventi
          pt-br: Eventos XMPP
        talks:
          en: Videos and Talks | Videos | Video | Talks
          de: Videos und Vorträge | Vorträge | Videos über XMPP
          fr: Vidéos | Conférences
          es: Charlas | Videos sobre XMPP
          it: Video e conferenze | Video
          pt-br: Palestras
        articles:
          en: XMPP Articles | Articles | Article | Tutorials | Guides and Howtos | Howtos
          de: Artikel über XMPP | Artikel
          fr: Articles
          es: Artículos sobre XMPP | Artículos
          it: Articoli su XMPP | Articoli
          pt-br: Artigos sobre XMPP
        software:
          en: XMPP Software News | Software releases | New releases in March
          de: Neuigkeiten über XMPP-Software
          fr: Nouvelles des logiciels
          es: Noticias sobre Software XMPP
          it: Notizie sul software XMPP | Notizie sui software XMPP
          pt-br: Notícias de Software XMPP
        clients:
          within: software
          en: XMPP Clients and Applications | Clients
          de: XMPP-Clients und -Anwendungen | Clients und Applikationen
          fr: Clients et applications
          es: Clientes y aplicaciones
          it: Client e applicazioni XMPP | Client
          pt-br: Clientes e Aplicativos XMPP
        servers:
          within: software
          en: XMPP Servers
          de: XMPP-Server
          fr: Serveurs
          es: Servidores
          it: Server XMPP
          pt-br: Servidores XMPP
        libraries:
          within: software
          en: XMPP Libraries & Tools | Libraries and Tools | Libraries
          de: XMPP-Programmbibliotheken und -Werkzeuge | Bibliotheken
          fr: Bibliothèques et outils | Bibliothèques
          es: Bibliotecas | Bibliotecas y Herramientas | Librerías y Herramientas XMPP
          it: Librerie e strumenti XMPP | Librerie e Tool | Librerie & Tool
          pt-br: Bibliotecas e Ferramentas XMPP
        services:
          within: software
          en: Services | New Services
        software-other:
          within: software
          en: Other software | Other | New Software | Bridges
        specifications:
          en: Extensions and specifications
          de: Erweiterungen und Spezifikationen
          fr: Extensions et spécifications
          es: Extensiones y Especificaciones
          it: Estensioni e specifiche | Estensioni & Specifiche
          pt-br: Extensões e Especificações
        proposed:
          within: specifications
          kind: spec
          en: Proposed | Proposed Extensions
          de: vorgeschlagen
          fr: Extensions proposées
          es: Propuestas
          it: Proposte | Proposta
          pt-br: Propostas | Propostos
        new:
          within: specifications
          kind: spec
          en: New
          de: neu
          fr: Nouvelles extensions
          es: Nuevas | Nuevos
          it: Nuove | Nuovi | Nuovo | Novità
          pt-br: Novas | Novos
        deferred:
          within: specifications
          kind: spec
          en: Deferred
          de: aufgeschoben | zurückgestellt
          fr: Extensions ajournées
          es: Diferidas | Diferida
          it: Rinviati | Rinviato | Differimenti
          pt-br: Diferidas | Diferidos
        updated:
          within: specifications
          kind: spec
          en: Updated
          de: aktualisiert
          fr: Extensions mises à jour | Mises à jour
          es: Actualizadas
          it: Aggiornati | Aggiornato | Aggiornamenti
          pt-br: Atualizadas | Atualizados
        last-call:
          within: specifications
          kind: spec
          en: Last Call
          de: letzter Aufruf
          fr: Dernier appel
          es: Últimos llamados
          it: Ultima chiamata
          pt-br: Última Chamada
        stable:
          within: specifications
          kind: spec
          en: Stable | Draft
          de: gefestigt | stabil
          fr: Extensions stables
          es: Estable
          it: Stabile
          pt-br: Estável
        call-for-experience:
          within: specifications
          kind: spec
          en: Call for Experience
          de: Aufruf für Erfahrungen
          fr: Appel à l'expérience
          es: Llamado a Experiencia
        deprecated:
          within: specifications
          kind: spec
          en: Deprecated
          de: veraltet
          fr: Extensions dépréciées | Dépréciées
          es: Desechadas
          it: Deprecato | Obsoleto | Obsoleta
          pt-br: Deprecada
        obsoleted:
          within: specifications
          kind: spec
          en: Obsoleted
          de: obsolet
          fr: Extensions obsolètes
          es: Obsoleto
        rejected:
          within: specifications
          kind: spec
          en: Rejected
          de: abgewiesen
          es: Rechazadas
          it: Rifiutati | Rifiutato | Respinto | Non ammessi
          pt-br: Rejeitada
        spec-other:
          within: specifications
          kind: spec
          en: Miscellaneous | See you in November
        other:
          en: Other news | Intro
        channels:
          en: XMPP Public channels
          de: Öffentliche Kanäle im XMPP-Netzwerk
          it: Canali pubblici XMPP
        \(closingSections)
        """
}
