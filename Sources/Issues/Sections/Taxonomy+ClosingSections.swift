extension Taxonomy {
    /// The sections at the end of nearly every newsletter's issues.
    static let closingSections = """
        subscribe:
          kind: boilerplate
          en: Subscribe to the newsletter | Subscribe
          de: Den Newsletter abonnieren | Abonnieren
          fr: S'abonner | Abonnement
          es: Suscribirse | Suscripción
          it: Iscriviti alla newsletter | Iscriviti alla newsletter mensile XMPP | Iscriviti
          pt-br: Inscreva-se
        spread:
          kind: boilerplate
          en: Spread the news | Spread the word
          de: Teile die Neuigkeiten | Verbreiten | Weitersagen
          fr: Répandez la nouvelle | Répandez les nouvelles | Partagez les nouvelles
            | Partager les nouvelles
          es: Difunda las noticias | Difunde la noticia
          it: Diffondete la notizia | Diffondi la notizia
          pt-br: Compartilhe as notícias
        contributors:
          kind: boilerplate
          required: yes
          en: Newsletter Contributors & Translations | Newsletter translations | Contributors
            | Newsletter Contributors & Translations section | Credits
          de: Newsletter-Beiträge & -Übersetzungen | Übersetzungen des Newsletters
            | Mitwirkung beim Newsletter | Mitwirkende
          fr: Contributions et traductions de la lettre d'information | Contributions
            | Nouvelles extensionssletter Contributors & Translations
          es: Contribuidores y Traductores del Newsletter | Traducciones del Boletín de Noticias
            | Contribuidores
          it: Collaboratori della newsletter e traduzioni | Contributi e traduzioni
            | Collaboratori e traduttori della newsletter | Collaboratori
            | Sezione Collaboratori e traduzioni della newsletter
          pt-br: Colaboradores e Tradutores do Boletim
        help:
          kind: boilerplate
          en: Help us to build the newsletter | Help us
          de: Hilf dem Newsletter | Hilf uns, diesen Newsletter zu erstellen
          fr: Aidez-nous à créer la lettre d'information
            | Aidez-nous à construire la lettre d'information
          es: Ayúdanos a construir el boletín de noticias | Ayúdenos a construir el XMPP Newsletter
            | Colabore con la construcción del newsletter
            | Contribuya en la creación del XMPP Newsletter
          it: Aiutaci a realizzare la newsletter | Aiutaci a creare la newsletter
            | Aiutaci a costruire la newsletter
          pt-br: Ajude-nos a Construir o Boletim XMPP
        thanks:
          kind: boilerplate
          en: Thanks all | Thanks | Thank you
          de: Danke an alle | Danke | Danksagung
          fr: Merci à tous | Merci
          es: Gracias a todos | Gracias
          it: Grazie a tutti | Grazie
          pt-br: Obrigado a todos
        unsubscribe:
          kind: boilerplate
          en: Unsubscribe from the XMPP Newsletter | Unsubscribe
          de: Den Newsletter de-abonnieren | Den Newsletter abbestellen | Abbestellen
          fr: Se désabonner
          es: Cancelar su suscripción al XMPP Newsletter | Darse de baja
          it: Annullare l'iscrizione alla newsletter XMPP | Cancellazione dalla newsletter XMPP
            | Disiscrizione
          pt-br: Cancelamento da Inscrição ao Boletim Mensal
        license:
          kind: boilerplate
          required: yes
          en: License | Licence
          de: Lizenz
          fr: Licence
          es: Licencia
          it: Licenza
          pt-br: Licença
        imprint:
          kind: boilerplate
          en: Imprint | About this newsletter
          de: Impressum
          fr: Mentions légales
        """
}
