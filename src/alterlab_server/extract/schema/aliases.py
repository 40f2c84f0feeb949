"""Names that mean the same field.

The names a caller's schema uses, to the names under which an extraction keeps the value; `images[0]` is the first of a
list. All are folded: lower case, without `_`, `-` and blanks.
"""

_ROWS = (
    ("instock available isavailable", "availability"),
    ("sku itemnumber articlenumber", "sku asin productid mpn"),
    ("productid itemid id", "sku asin productid"),
    ("imageurls imageurl pictures photos gallery", "images"),
    ("image imageurl mainimage thumbnail picture photo featuredimage", "image images[0]"),
    ("title heading productname recipename jobtitle eventname", "title name headline"),
    ("name productname", "name title headline company"),
    ("companyname", "company name title headline"),
    ("headline", "headline title name"),
    ("reviewscount numreviews numberofreviews reviewcount ratingcount totalreviews", "reviewcount"),
    ("cost amount saleprice currentprice priceamount offerprice", "price"),
    ("price", "price amount offersprice"),
    ("currencycode pricecurrency", "currency"),
    ("brand manufacturer make brandname", "brand manufacturer"),
    ("rating ratingvalue averagerating stars score aggregaterating", "rating ratingvalue aggregaterating"),
    ("description summary overview excerpt abstract", "description summary abstract"),
    ("author byline writer creator by", "author byline creator"),
    ("publishedat datepublished publishdate publicationdate published date dateposted posteddate", "publishedat date"),
    ("date startdate starttime when eventdate", "date startdate publishedat"),
    ("url link canonical href canonicalurl pageurl", "url canonical canonicalurl"),
    ("content text body articlebody bodytext", "body articlebody"),
    ("ean upc barcode isbn gtin13", "gtin"),
    ("specs attributes features properties", "specifications"),
    ("steps directions method recipeinstructions", "instructions"),
    ("recipeingredient recipeingredients", "ingredients"),
    ("yield yields recipeyield portions serves", "servings"),
    ("preptime preparationtime preptimeminutes", "preptime"),
    ("cooktime cookingtime cooktimeminutes", "cooktime"),
    ("totaltime duration totaltimeminutes", "totaltime"),
    ("employer organization hiringorganization", "company"),
    ("salaryrange pay payrange compensation wage", "salary"),
    ("jobtype contracttype contract worktype", "employmenttype"),
    ("qualifications skills requiredskills", "requirements"),
    ("duties tasks", "responsibilities"),
    ("deadline applicationdeadline closingdate expires expiresat validuntil", "validthrough"),
    ("ends endsat endtime", "enddate"),
    ("ticketprice admission entryfee", "price"),
    ("phone phonenumber tel", "telephone"),
    ("place venue address city", "location address"),
    ("faqs faq qa items", "questions entries products"),
    ("products listings results", "products entries"),
    ("tags", "keywords"),
    ("lang inlanguage", "language"),
    ("host organiser", "organizer"),
)

ALIASES: dict[str, tuple[str, ...]] = {}
for _names, _sources in _ROWS:
    for _name in _names.split():
        ALIASES[_name] = tuple(dict.fromkeys((*ALIASES.get(_name, ()), *_sources.split())))


def folded(name: str) -> str:
    """A name without the differences of writing: `review_count`, `reviewCount` and `Review-Count` are one."""
    return "".join(char for char in name.lower() if char.isalnum())
