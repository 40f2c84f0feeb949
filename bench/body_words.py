"""Words of pages in six other languages, by the English word that means the same.

The labelled pages are English but for a few. What is usual on pages of other languages, such as the names of months in
an archive or the heading above related posts, is given the weight of its English word.
"""

_WORDS = """
more: mehr más mais plus più meer weitere
read: lesen lire leer ler leia lea leggi lees lis lisez weiterlesen
share: teilen partager compartir compartilhar compartilhe comparte condividi delen partagez
related: verwandte relacionadas relacionados relacionada connexes correlati correlate gerelateerd ähnliche similaires
comments: kommentare commentaires comentarios comentários commenti reacties
comment: kommentar commentaire comentario comentário commento reactie kommentieren commenter comentar
reply: antworten répondre responder rispondi beantwoorden
author: autor auteur autora autore
published: veröffentlicht publié publicado publicada pubblicato gepubliceerd
updated: aktualisiert actualizado atualizado aggiornato bijgewerkt
by: von por par di door
search: suche suchen recherche rechercher buscar busca pesquisar pesquisa cerca ricerca zoeken
next: nächste nächster weiter suivant suivante siguiente próximo próxima successivo volgende
previous: vorherige zurück précédent précédente anterior precedente vorige
home: startseite accueil inicio início
menu: menü menú
news: nachrichten actualités noticias notícias notizie nieuws
newsletter: rundbrief infolettre boletín nieuwsbrief
subscribe: abonnieren abonnez suscríbete suscribirse inscreva assine iscriviti
sign: anmelden inscrire cadastre registrati
login: einloggen connexion entrar accedi inloggen
register: registrieren registrarse cadastrar registreren
privacy: datenschutz confidentialité privacidad privacidade
policy: richtlinie politique política
terms: nutzungsbedingungen conditions términos termos termini voorwaarden
contact: kontakt contacto contato contatto contatti
about: über propos sobre
advertisement: anzeige werbung publicité publicidad publicidade pubblicità advertentie
follow: folgen folge suivre suivez seguir siga síguenos seguici volg
tags: schlagwörter étiquettes etiquetas marcadores
category: kategorie catégorie categoría categoria
categories: kategorien catégories categorías categorias
photo: foto fotos
photos: bilder
image: bild imagen imagem immagine afbeelding
source: quelle fuente fonte bron
latest: neueste neuesten aktuelle dernières dernier últimas últimos ultime laatste
popular: beliebte beliebt populaires populares popolari populair
also: auch aussi también também anche ook
like: gefällt aime gusta gostar curtir piace leuk
you: sie vous você voce tu
post: beitrag publicación postagem bericht
posts: beiträge postagens berichten
article: artikel artículo artigo articolo
articles: articles artículos artigos articoli
story: geschichte histoire historia história
view: ansehen voir ver vedi bekijk
click: klicken klick cliquez clique clic
here: hier ici aquí aqui qui
print: drucken imprimer imprimir stampa afdrukken
send: senden envoyer enviar invia
email: mail correo
download: herunterladen télécharger descargar baixar scarica downloaden
all: alle tous toutes todos todas tutti tutte
back: volver voltar retour indietro terug
top: oben haut arriba topo
today: heute aujourd hoy hoje oggi vandaag
ago: vor hace atrás fa geleden
min: minuten
january: januar janvier enero janeiro gennaio januari
february: februar février febrero fevereiro febbraio februari
march: märz mars marzo março maart
april: avril abril aprile
may: mai mayo maio maggio mei
june: juni juin junio junho giugno
july: juli juillet julio julho luglio
august: août agosto augustus
september: septembre septiembre setembro settembre
october: oktober octobre octubre outubro ottobre
november: novembre noviembre novembro
december: dezember décembre diciembre dezembro dicembre december
price: preis prix precio preço prezzo prijs
buy: kaufen acheter comprar compra acquista kopen
cart: warenkorb panier carrito carrinho carrello winkelwagen
product: produkt produit producto produto prodotto
products: produkte produits productos produtos prodotti producten
shop: laden boutique tienda loja negozio winkel
available: verfügbar disponible disponível disponibile beschikbaar
review: bewertung avis reseña avaliação recensione beoordeling
reviews: bewertungen reseñas avaliações recensioni beoordelingen
description: beschreibung descripción descrição descrizione beschrijving
questions: fragen preguntas perguntas domande vragen
copyright: urheberrecht
rights: rechte droits derechos direitos diritti rechten
reserved: vorbehalten réservés reservados riservati voorbehouden
content: inhalt inhalte contenu contenido conteúdo conteudo contenuto
see: siehe veja vea vedere zie
watch: ansehen regarder mira assista guarda
video: vídeo
discover: entdecken découvrir descubre descubra scopri ontdek
title: titel titre título titulo titolo
summary: zusammenfassung résumé resumen resumo riassunto samenvatting
"""

# The words of class names, without accents.
_NAMES = """
content: inhalt contenu contenido conteudo contenuto inhoud conteudos
article: artikel articulo artigo articolo
text: texto texte testo tekst
news: noticia noticias nachrichten nachricht actualite notizia nieuws
title: titulo titel titre titolo
related: relacionadas relacionados relacionada relacionado verwandt correlati correlate gerelateerd
comments: comentarios kommentare commentaires commenti reacties
comment: comentario kommentar commentaire commento reactie
author: autor auteur autora autore
date: fecha data datum
image: imagen imagem bild immagine
photo: foto fotos
gallery: galeria galerie
share: compartir compartilhar teilen partager condividi delen compartilhe
footer: rodape pie fuss fusszeile
header: cabecalho cabecera kopf entete
sidebar: lateral seitenleiste colonne barra
advertisement: publicidade publicidad anuncio werbung anzeige publicite pubblicita
ad: publi
search: busca buscar suche recherche cerca
body: corpo cuerpo corps
summary: resumo resumen zusammenfassung
caption: legenda leyenda legende didascalia
intro: bajada entradilla vorspann chapo occhiello
tags: etiquetas schlagworte etiquettes
latest: ultimas ultimos neueste dernieres ultime
breadcrumb: migas brotkrumen
product: producto produto produkt produit prodotto
price: precio preco preis prix prezzo
list: lista liste
menu: menue
"""


def _by_foreign(table: str) -> dict[str, str]:
    lines = [line.split(":") for line in table.strip().splitlines()]
    return {foreign: english for english, words in lines for foreign in words.split()}


MEANINGS, NAME_MEANINGS = _by_foreign(_WORDS), _by_foreign(_NAMES)
