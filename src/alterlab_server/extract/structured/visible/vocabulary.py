"""The words of labels, buttons and headings, in the languages of many shops and kitchens.

A table is field → words, `|` between them, in lower case and without the punctuation around them.
"""

from collections.abc import Mapping


def words(text: str) -> frozenset[str]:
    """The words of a table's row."""
    return frozenset(text.split("|"))


class Labels(dict[str, str]):
    """Label → field, and how labels begin, by which most lines of a page are told from them at once."""

    def __init__(self, table: Mapping[str, str]) -> None:
        super().__init__((label, field) for field, row in table.items() for label in row.split("|"))
        self.beginnings = frozenset(label[:3] for label in self)


PRODUCT_LABELS = Labels(
    {
        "shop_id": "asin|ebay item number|ebay-artikelnummer|numéro de l'objet ebay|numéro de l'objet|"
        "numero oggetto ebay|numero oggetto|número de artículo de ebay|anzeige|anzeigennummer|anzeigen-id|ad #|"
        "ad id|listing id",
        "sku": "sku|item number|item no|item #|item id|item code|item|article number|article no|art no|art nr|"
        "art.-nr|article code|artikelnummer|artikel-nr|artikel nr|artikelnr|bestellnummer|bestell-nr|best.-nr|"
        "produktnummer|produkt-nr|produktcode|product code|product id|product number|product no|product ref|"
        "productcode|productnummer|catalog number|catalogue number|style number|style code|référence|réf|ref|"
        "reference|n° de référence|référence produit|code article|code produit|référence article|referencia|"
        "ref. producto|código|código de producto|código del producto|código do produto|cód|cod produs|cod. produs|"
        "cod articol|cod|codice|codice articolo|codice prodotto|cod. articolo|šifra|šifra proizvoda|šifra izdelka|"
        "kod produktu|nr ref|numer referencyjny|nr katalogowy|indeks|kód|kód produktu|kód zboží|katalogové číslo|"
        "číslo produktu|cikkszám|termékkód|код|код товара|артикул|номер товара|код товару|商品編號|商品編碼|"
        "商品番号|商品コード|品番|商品编号|货号|상품번호|제품번호|상품코드|varenr|varenummer|artnr|art. nr|"
        "artikelkod|tuotenumero|tuotekoodi|stok kodu|ürün kodu|mã sản phẩm|κωδικός|κωδικός προϊόντος",
        "mpn": "mpn|model|model number|model no|modell|modellnummer|modelnummer|manufacturer part number|"
        "mfr part number|part number|herstellernummer|herstellerartikelnummer|teilenummer|référence fabricant|"
        "numéro de pièce fabricant|modèle|modelo|modello|numero modello|numero parte|item model number|型號|型号|"
        "модель|모델명",
        "gtin": "ean|gtin|gtin-13|upc|barcode|ean-code|ean code|kod ean|ean kod|code ean|codice ean|código ean|isbn|"
        "isbn-13|штрихкод|strichcode|código de barras|vonalkód",
        "brand": "brand|brand name|marke|marque|marca|märke|varumärke|merk|mærke|merke|značka|marka|márka|"
        "brand/marca|бренд|торговая марка|品牌|ブランド|브랜드|tuotemerkki|thương hiệu|blagovna znamka|zīmols|μάρκα|"
        "label",
        "manufacturer": "manufacturer|hersteller|fabricant|fabricante|produttore|fabrikant|producent|výrobce|gyártó|"
        "proizvajalec|proizvođač|producător|производитель|виробник|メーカー|제조사|valmistaja|tillverkare|"
        "κατασκευαστής",
        "availability": "availability|stock status|stock|stock availability|verfügbarkeit|lagerbestand|lagerstatus|"
        "disponibilité|disponibilità|disponibilidad|disponibilidade|beschikbaarheid|voorraad|dostępność|dostupnost|"
        "dostupnosť|razpoložljivost|disponibilitate|elérhetőség|készlet|наличие|доступность|наявність|在庫|庫存|"
        "库存|saatavuus|tillgänglighet|διαθεσιμότητα|stok durumu",
        "price": "price|our price|sale price|current price|now|preis|unser preis|prix|prix de vente|precio|prezzo|"
        "preço|por|prijs|cena|pris|hinta|preț|ár|цена|ціна|價格|售價|特價|网购价|優惠價|最低價|価格|販売価格|가격|"
        "판매가|fiyat|τιμή",
        "list_price": "list price|regular price|original price|retail price|was|rrp|msrp|uvp|statt|"
        "unverb. preisempf|prix conseillé|prix d'origine|au lieu de|precio anterior|precio original|pvp|"
        "prezzo consigliato|prezzo di listino|preço original|de|adviesprijs|cena katalogowa|běžná cena|původní cena|"
        "старая цена|原價|原价|定價|市價|通常価格|定価|정가",
        "condition": "condition|item condition|zustand|artikelzustand|état|état de l'objet|condizione|condizioni|"
        "condizioni dell'oggetto|estado|stan|stav|staat|skick|состояние|商品狀態|コンディション",
    }
)

# Phrases of the control that puts a product into the cart or orders it.
BUY_PHRASES = tuple(
    (
        "add to cart|add to bag|add to basket|add to trolley|add to your basket|add to your cart|add to your bag|"
        "buy now|buy it now|order now|in den warenkorb|in den einkaufswagen|jetzt kaufen|kaufen|ajouter au panier|"
        "acheter|añadir al carrito|añadir a la cesta|agregar al carro|agregar al carrito|comprar|"
        "aggiungi al carrello|acquista|compralo subito|adicionar ao carrinho|in winkelwagen|in winkelmand|"
        "toevoegen aan|bestellen|dodaj do koszyka|do koszyka|kup teraz|do košíku|do košíka|přidat do košíku|kosárba|"
        "u košaricu|v košarico|kupi|naroči|adaugă în coș|adauga in cos|в корзину|купить|добавить в корзину|"
        "до кошика|купити|lägg i varukorg|köp|læg i kurv|legg i handlekurv|lisää ostoskoriin|lisää koriin|"
        "sepete ekle|προσθήκη στο καλάθι|加入購物車|放入購物車|立即購買|直接購買|我要購買|加入购物车|立即购买|"
        "我要買|カートに入れる|買い物かごに|今すぐ購入|購入する|장바구니|구매하기|바로구매|thêm vào giỏ|mua ngay"
    ).split("|")
)

# Headings after which a page shows other products.
RELATED_PHRASES = tuple(
    (
        "related products|similar products|similar items|you may also like|you might also like|customers also|"
        "customers who|who viewed|also viewed|also bought|related to|i clienti che|hanno anche|haben auch|"
        "auch angesehen|ont également|ont aussi|recommended for you|recently viewed|frequently bought|people also|"
        "more from|sponsored|ähnliche artikel|ähnliche produkte|ähnliche kleinanzeigen|das könnte|kunden kauften|"
        "zuletzt angesehen|produits similaires|vous aimerez aussi|les clients ayant|productos similares|"
        "productos relacionados|también te puede|prodotti correlati|prodotti simili|potrebbe interessarti|"
        "produtos relacionados|podobne produkty|podobni izdelki|podobné produkty|hasonló termékek|похожие товары|"
        "с этим товаром|相關商品|猜你喜歡|関連商品|추천상품|vergelijkbare producten|liknande produkter|"
        "benzer ürünler"
    ).split("|")
)

SPECIFICATION_HEADINGS = words(
    "specifications|specification|specs|technical specifications|technical data|technical details|product details|"
    "product specifications|product information|product specs|details|features|characteristics|item specifics|"
    "additional information|technische daten|technische details|produktdetails|produkteigenschaften|eigenschaften|"
    "merkmale|spezifikationen|produktinformationen|caractéristiques|caractéristiques techniques|fiche technique|"
    "détails|détails du produit|spécifications|informations complémentaires|especificaciones|"
    "especificaciones técnicas|características|ficha técnica|detalles|detalles del producto|specifiche|"
    "specifiche tecniche|caratteristiche|caratteristiche tecniche|scheda tecnica|dettagli|dettagli del prodotto|"
    "especificações|especificações técnicas|detalhes|specificaties|technische specificaties|productspecificaties|"
    "kenmerken|productinformatie|specyfikacja|specyfikacja techniczna|dane techniczne|parametry|"
    "parametry techniczne|cechy|cechy produktu|technické parametry|parametre|vlastnosti|характеристики|"
    "технические характеристики|основные характеристики|özellikler|teknik özellikler|ürün özellikleri|仕様|"
    "商品仕様|製品仕様|スペック|商品詳細|规格|規格|规格参数|商品規格|产品参数|사양|제품사양|상품정보|jellemzők|"
    "műszaki adatok|specifikationer|specifikasjoner|egenskaper|tekniset tiedot|specificații|χαρακτηριστικά"
)

INGREDIENT_HEADINGS = words(
    "ingredients|ingredient|ingredients list|the ingredients|recipe ingredients|you will need|you'll need|"
    "what you need|what you'll need|shopping list|zutaten|zutatenliste|die zutaten|ingrédients|les ingrédients|"
    "liste des ingrédients|ingredientes|ingredienti|gli ingredienti|ingrediënten|dit heb je nodig|benodigdheden|"
    "składniki|ingredience|suroviny|prísady|ingrediencie|hozzávalók|sastojci|sestavine|ingrediente|ингредиенты|"
    "состав|продукты|інгредієнти|съставки|продукти|ingredienser|du behöver|detta behövs|ainekset|ainesosat|"
    "ingredientar|hráefni|innihald|malzemeler|υλικά|συστατικά|nguyên liệu|bahan|bahan-bahan|材料|食材|用料|재료|"
    "المكونات|מצרכים|רכיבים|मसाले|सामग्री"
)
INSTRUCTION_HEADINGS = words(
    "instructions|directions|method|methods|preparation|procedure|steps|how to make|how to make it|how to prepare|"
    "cooking instructions|cooking directions|recipe instructions|recipe directions|preparation steps|the method|"
    "step by step|let's cook|zubereitung|die zubereitung|so wird's gemacht|so geht's|arbeitsschritte|anleitung|"
    "préparation|la préparation|étapes|les étapes|étapes de la recette|étapes de préparation|"
    "instructions de préparation|réalisation|preparación|elaboración|instrucciones|pasos|paso a paso|cómo hacer|"
    "preparazione|procedimento|come fare|modo de preparo|modo de fazer|preparo|preparação|bereiding|bereidingswijze|"
    "werkwijze|aan de slag|zo maak je het|sposób przygotowania|przygotowanie|wykonanie|postup|postup přípravy|"
    "příprava|príprava|elkészítés|priprema|postupak|priprava|mod de preparare|preparare|приготовление|"
    "способ приготовления|пошаговый рецепт|рецепт приготовления|приготування|начин на приготвяне|приготвяне|"
    "instruktioner|gör så här|så här gör du|tillagning|fremgangsmåde|fremgangsmåte|sådan gør du|slik gjør du|"
    "tilberedning|valmistus|valmistusohje|ohje|ohjeet|aðferð|hazırlanışı|yapılışı|εκτέλεση|διαδικασία|οδηγίες|"
    "παρασκευή|cách làm|cara membuat|作り方|做法|步骤|步驟|만드는 법|조리법|조리순서|طريقة التحضير|אופן הכנה|"
    "הוראות הכנה|विधि"
)
# What follows a recipe's lists.
AFTER_RECIPE_HEADINGS = words(
    "notes|note|recipe notes|tips|tip|recipe tips|nutrition|nutrition facts|nutritional information|"
    "nutrition information|comments|reviews|equipment|you may also like|related recipes|more recipes|"
    "similar recipes|share|video|storage|faq|did you make this recipe?|nährwerte|nährwertangaben|tipp|tipps|"
    "kommentare|weitere rezepte|valeurs nutritionnelles|commentaires|astuces|conseils|recettes similaires|notas|"
    "consejos|información nutricional|comentarios|consigli|valori nutrizionali|commenti|dicas|comentários|"
    "voedingswaarde|reacties|wartości odżywcze|komentarze|näringsvärde|kommentarer|kommentit|пищевая ценность|"
    "комментарии|советы|栄養成分|コメント|コツ・ポイント|小贴士|팁"
)

RECIPE_LABELS = Labels(
    {
        "prep_time": "prep|prep time|preparation|preparation time|prep in|active time|hands-on time|hands on time|"
        "active|vorbereitung|vorbereitungszeit|arbeitszeit|zubereitungszeit|préparation|temps de préparation|"
        "preparación|tiempo de preparación|preparazione|tempo di preparazione|tempo de preparo|preparo|"
        "voorbereiding|voorbereidingstijd|bereidingstijd|czas przygotowania|przygotowanie|příprava|doba přípravy|"
        "čas přípravy|előkészítés|priprema|vrijeme pripreme|timp de preparare|подготовка|förberedelse|forberedelse|"
        "forberedelsestid|valmistelu|hazırlık|hazırlama süresi|προετοιμασία|χρόνος προετοιμασίας|準備時間|準備|"
        "준비시간",
        "cook_time": "cook|cook time|cooking|cooking time|cooks in|bake time|baking time|bake|kochzeit|garzeit|"
        "backzeit|koch-/backzeit|kochen|backen|cuisson|temps de cuisson|cocción|tiempo de cocción|cottura|"
        "tempo di cottura|cozimento|tempo de cozimento|tempo de forno|kooktijd|baktijd|oventijd|czas gotowania|"
        "czas pieczenia|gotowanie|vaření|doba vaření|doba pečení|sütési idő|kuhanje|timp de gătire|"
        "время приготовления|тушение|tillagningstid|tilberedningstid|kypsennys|pişirme|pişirme süresi|μαγείρεμα|"
        "ψήσιμο|χρόνος μαγειρέματος|調理時間|加熱時間|조리시간",
        "total_time": "total|total time|ready in|time|duration|takes|gesamtzeit|gesamt|dauer|zeit|insgesamt|"
        "temps total|durée|durée totale|prêt en|tiempo total|tiempo|duración|listo en|tempo totale|tempo|pronto in|"
        "tempo total|rendimento em|totale tijd|totaal|tijd|klaar in|czas całkowity|łączny czas|czas|celkový čas|"
        "celkem|összidő|ukupno vrijeme|timp total|общее время|время|totaltid|total tid|tid|kokonaisaika|aika|valmis|"
        "toplam süre|toplam|συνολικός χρόνος|συνολικά|合計時間|所要時間|総時間|总时间|소요시간",
        "servings": "servings|serves|yield|yields|makes|portions|recipe yield|serving|number of servings|portionen|"
        "personen|anzahl portionen|ergibt|ergiebt|für|menge|portion|nombre de personnes|personnes|parts|porciones|"
        "raciones|comensales|personas|porzioni|dosi per|dosi|persone|porções|rendimento|serve|porties|voor|"
        "aantal personen|porcje|liczba porcji|porcí|počet porcí|porcie|adag|porcija|porții|порции|порций|"
        "количество порций|порція|portioner|antal portioner|antal|porsjoner|annosta|annoksia|porsiyon|kişilik|"
        "μερίδες|人数|人分|分量|份量|인분|suất|porsi",
        "author": "author|recipe by|by|written by|posted by|created by|rezept von|von|autor|autorin|verfasst von|"
        "auteur|par|recette de|recette proposée par|receta de|por|autore|ricetta di|di|receita de|recept van|door|"
        "przepis|autor przepisu|autor receptu|recept|szerző|автор|автор рецепта|skapad av|recept av|opskrift af|"
        "oppskrift av|resepti|yazar|作者|著者",
    }
)
