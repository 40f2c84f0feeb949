"""The words of job postings and of announced events, in the languages of many of them.

A table is field → words, `|` between them, in lower case and without the punctuation around them.
"""

from alterlab_server.extract.structured.visible.vocabulary import Labels, words

JOB_LABELS = Labels(
    {
        "company": "company|company name|employer|hiring company|hiring organization|organisation|organization|"
        "unternehmen|arbeitgeber|firma|entreprise|employeur|société|empresa|empleador|compañía|azienda|"
        "datore di lavoro|società|bedrijf|werkgever|organisatie|firma|pracodawca|empregador|companhia",
        "location": "location|job location|work location|place of work|workplace|place|city|based in|where|standort|"
        "arbeitsort|einsatzort|dienstort|ort|lieu|lieu de travail|localisation|ville|ubicación|lugar|"
        "lugar de trabajo|localidad|ciudad|sede|sede di lavoro|luogo|luogo di lavoro|località|locatie|standplaats|"
        "werkplek|plaats|werklocatie|lokalizacja|miejsce pracy|miejscowość|miasto|local|local de trabalho|"
        "localização|localidade|cidade",
        "salary": "salary|salary range|pay|pay range|wage|compensation|remuneration|rate of pay|hourly rate|gehalt|"
        "vergütung|lohn|bezahlung|entgelt|salaire|rémunération|salaire brut|salario|sueldo|remuneración|"
        "retribución|stipendio|retribuzione|ral|compenso|salaris|loon|brutosalaris|bruto salaris|wynagrodzenie|"
        "pensja|stawka|widełki|salário|remuneração|faixa salarial",
        "employment_type": "job type|employment type|type of employment|contract type|contract|type of contract|hours|"
        "working hours|position type|schedule|anstellungsart|beschäftigungsart|vertragsart|arbeitszeit|"
        "beschäftigung|umfang|type de contrat|contrat|type d'emploi|temps de travail|tipo de contrato|contrato|"
        "jornada|tipo de jornada|tipo di contratto|contratto|orario|orario di lavoro|dienstverband|"
        "soort dienstverband|contractvorm|type contract|rodzaj umowy|typ umowy|umowa|wymiar pracy|wymiar etatu|"
        "etat|regime|carga horária|tipo de vaga",
        "published_at": "posted|posted on|date posted|published|published on|publication date|listed|veröffentlicht|"
        "veröffentlicht am|online seit|eingestellt am|datum|publié|publié le|publiée le|date de publication|"
        "publicado|publicado el|publicada el|fecha de publicación|pubblicato|pubblicato il|"
        "data di pubblicazione|geplaatst|geplaatst op|gepubliceerd op|publicatiedatum|opublikowano|"
        "data publikacji|data dodania|publicado em|publicada em|data de publicação",
        "valid_through": "closing date|closes|closes on|apply by|apply before|application deadline|deadline|expires|"
        "expires on|valid until|bewerbungsfrist|bewerbung bis|bewerbungsschluss|gültig bis|date limite|"
        "date limite de candidature|date de clôture|fecha límite|plazo|fecha de cierre|scadenza|"
        "data di scadenza|termine|candidature entro|sluitingsdatum|reageren voor|reageer voor|"
        "termin składania|termin składania aplikacji|aplikuj do|ważne do|data limite|prazo|inscrições até",
    }
)
EVENT_LABELS = Labels(
    {
        "date": "date|dates|date and time|date & time|when|starts|starts on|start date|datum|termin|wann|beginn|"
        "date et heure|quand|fecha|fechas|fecha y hora|cuándo|data|data e ora|quando|wanneer|data i godzina|"
        "kiedy|data e hora|datum en tijd|datum und uhrzeit|inicio|início|inizio|début",
        "time": "time|start time|starts at|uhrzeit|anfang|heure|heures|horaire|horaires|hora|horario|ora|orario|tijd|"
        "aanvang|godzina|horário",
        "end_date": "ends|ends on|end date|until|ende|bis|fin|date de fin|fecha de fin|fine|data di fine|einde|"
        "einddatum|koniec|data zakończenia|fim|término",
        "location": "venue|location|where|place|address|veranstaltungsort|ort|wo|adresse|treffpunkt|spielort|lieu|où|"
        "salle|lugar|dónde|sede|recinto|dirección|luogo|dove|indirizzo|locatie|waar|plaats|adres|zaal|miejsce|"
        "gdzie|lokalizacja|local|onde|endereço|localização",
        "organizer": "organizer|organiser|organized by|organised by|hosted by|host|presented by|promoter|veranstalter|"
        "veranstalterin|ausrichter|organisateur|organisatrice|organisé par|proposé par|organizador|organizadora|"
        "organiza|organizado por|organizzatore|organizzato da|a cura di|organisator|organisatie|"
        "georganiseerd door|organizator|organizacja|realização|organização",
        "price": "price|prices|ticket|tickets|ticket price|admission|entry|entry fee|entrance|cost|fee|eintritt|"
        "eintrittspreis|preis|preise|tickets|karten|kosten|teilnahmegebühr|tarif|tarifs|prix|entrée|billets|"
        "billet|precio|precios|entrada|entradas|prezzo|ingresso|biglietto|biglietti|costo|prijs|toegang|entree|"
        "kaarten|cena|ceny|bilet|bilety|wstęp|preço|ingressos|bilhete|bilhetes|valor",
    }
)
FREE = words(
    "free|free entry|free admission|free of charge|kostenlos|kostenfrei|frei|eintritt frei|gratuit|entrée libre|"
    "entrée gratuite|gratis|entrada libre|entrada gratuita|gratuito|ingresso libero|ingresso gratuito|toegang gratis|"
    "gratis toegang|bezpłatny|bezpłatnie|wstęp wolny|wolny|darmowy|grátis|entrada livre|entrada franca|libre|libero"
)
EMPLOYMENT_TYPES = words(
    "full-time|full time|part-time|part time|fulltime|parttime|permanent|temporary|freelance|internship|"
    "apprenticeship|vollzeit|teilzeit|minijob|werkstudent|praktikum|ausbildung|unbefristet|befristet|cdi|cdd|"
    "temps plein|temps partiel|stage|alternance|intérim|jornada completa|media jornada|tiempo completo|"
    "tiempo parcial|prácticas|indefinido|tempo pieno|part-time|full-time|tempo indeterminato|tempo determinato|"
    "tirocinio|voltijd|deeltijd|pełny etat|część etatu|umowa o pracę|umowa zlecenie|staż|tempo integral|"
    "tempo inteiro|meio período|tempo parcial|clt|estágio"
)
REQUIREMENT_HEADINGS = words(
    "requirements|job requirements|qualifications|required qualifications|minimum qualifications|your profile|"
    "your skills|skills|skills and experience|required skills|essential criteria|about you|who you are|"
    "what you bring|what you'll bring|what you will bring|what we're looking for|what we are looking for|"
    "what you need|you have|experience|ihr profil|dein profil|anforderungen|anforderungsprofil|qualifikationen|"
    "qualifikation|voraussetzungen|das bringst du mit|das bringen sie mit|was du mitbringst|was sie mitbringen|"
    "damit überzeugst du|votre profil|profil|profil recherché|compétences|compétences requises|prérequis|"
    "qualifications requises|requisitos|requisitos mínimos|perfil|perfil requerido|qué buscamos|tu perfil|"
    "requisiti|requisiti richiesti|profilo|profilo ricercato|il tuo profilo|competenze|competenze richieste|eisen|"
    "functie-eisen|functie eisen|wat vragen we|wat vragen wij|wat neem je mee|wie ben jij|jouw profiel|"
    "wat breng je mee|wymagania|nasze wymagania|oczekiwania|czego oczekujemy|oczekujemy|twój profil|pré-requisitos|"
    "requisitos e qualificações|qualificações|o que procuramos|o que esperamos"
)
RESPONSIBILITY_HEADINGS = words(
    "responsibilities|key responsibilities|your responsibilities|duties|main duties|your tasks|tasks|"
    "what you'll do|what you will do|what you'll be doing|the role involves|your role|ihre aufgaben|deine aufgaben|"
    "aufgaben|aufgabengebiet|aufgabenbereich|tätigkeiten|das erwartet dich|das erwartet sie|was sie erwartet|"
    "was dich erwartet|vos missions|missions|vos responsabilités|responsabilités|vos tâches|vos activités|funciones|"
    "tareas|responsabilidades|tus funciones|qué harás|mansioni|responsabilità|attività|compiti|cosa farai|taken|"
    "jouw taken|verantwoordelijkheden|wat ga je doen|werkzaamheden|takenpakket|obowiązki|zakres obowiązków|zadania|"
    "twoje zadania|atividades|funções|atribuições|responsabilidades e atribuições|o que você vai fazer"
)
DESCRIPTION_HEADINGS = words(
    "description|job description|about the job|about this job|about the role|the role|about the position|"
    "the position|role overview|overview|summary|job summary|about this event|about the event|event description|"
    "details|beschreibung|stellenbeschreibung|über die stelle|über die veranstaltung|zur veranstaltung|description|"
    "description du poste|le poste|à propos|à propos de l'événement|descripción|descripción del puesto|"
    "descripción de la oferta|sobre el evento|descrizione|descrizione del lavoro|la posizione|l'evento|"
    "functieomschrijving|omschrijving|de functie|over de functie|over het evenement|opis|opis stanowiska|"
    "opis wydarzenia|o wydarzeniu|descrição|descrição da vaga|sobre a vaga|sobre o evento"
)
