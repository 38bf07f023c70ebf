"""The usual names of a feed's columns, in several languages, by the field that they hold."""

from __future__ import annotations

from catalog.attributes import BRAND, COLOUR, GENDER, SIZE

# For each field, the columns that may hold it; the first that is not empty counts.
COLUMNS: dict[str, tuple[str, ...]] = {
    "id": (
        *("id", "external_id", "product_id", "item_id", "offer_id", "sku", "article_number", "code"),
        "id_product",
        *("item_number", "article_no", "variant_id", "artikelnummer", "product_code", "reference", "ref"),
        *("art_nr", "artnr", "artikel_nr", "artikelnr", "item_no", "style_number", "référence", "referencia"),
        *("sku_code", "item_sku", "seller_sku", "custom_label", "product_sku", "product_number"),
        "artikelcode",
        *("kod_produktu", "kod", "indeks", "código", "codigo", "codice", "código_do_produto", "varenummer"),
        *("商品コード", "商品番号", "品番"),
    ),
    "title": (
        *("title", "name", "product_name", "product_title", "product_display_name", "item_name"),
        "item_title",
        *("titel", "produktname", "bezeichnung", "artikelname", "nom", "titre", "nombre", "nome", "naam"),
        *("nazwa", "nazwa_produktu", "nome_do_produto", "nombre_del_producto", "nom_du_produit", "navn"),
        *("artikelbezeichnung", "productnaam", "商品名"),
    ),
    "description": (
        *("description", "body_html", "body", "long_description", "product_description", "short_description"),
        *("summary", "plain_description", "beschreibung", "descripcion", "descrizione", "omschrijving"),
        *("opis", "descrição", "descripción", "商品説明"),
    ),
    "brand": (
        *("brand", "brand_name", "brands", "product_brand", "vendor", "manufacturer"),
        *sorted(BRAND),
        *("fabricant", "fabricante", "manufacturer_name", "producent", "ブランド"),
    ),
    "colour": (
        *("colour", "color", "base_colour", "base_color", "colour_name", "color_name", "primary_color"),
        *("primary_colour", "product_color", "product_colour", "main_color", "main_colour"),
        *("colours", "colors", "farben", "couleurs", "colores", "colori", "kleuren"),
        *sorted(COLOUR),
    ),
    "gender": ("gender", "sex", "target_gender", "product_gender", *sorted(GENDER)),
    "currency": ("currency", "currency_code", "price_currency", "währung", "devise", "moneda", "valuta"),
    "link": (
        *("link", "url", "product_url", "permalink", "canonical_link", "product_link", "deep_link"),
        "deeplink",
        *("merchant_deep_link", "page_url", "item_url"),
    ),
    "style": ("item_group_id", "group_id", "parent_sku", "parent_id", "style_id", "parent_product_id"),
    "category": (
        *("product_type", "category_path", "categories", "category", "type", "product_category"),
        "category_name",
        *("warengruppe", "rubrique", "familia"),
        *("kategorie", "kategorien", "catégorie", "categoria", "categoría", "categorie", "kategoria"),
        *("kategorier", "カテゴリ", "カテゴリー"),
    ),
    "price": (
        *("price", "regular_price", "unit_price", "current_price", "selling_price", "search_price"),
        "store_price",
        *("preis", "prix", "precio", "prezzo", "prijs", "pris", "cena", "preço", "preco", "price_incl_tax"),
        *("vk", "vk_preis", "vk_brutto", "verkaufspreis", "bruttopreis", "preis_brutto", "prix_ttc", "pvp"),
        *("prix_de_vente", "prix_vente", "precio_venta", "verkoopprijs", "prezzo_di_vendita", "price_gross"),
        *("cena_brutto", "cena_regularna", "cena_sprzedaży", "preço_de_venda", "preço_por"),
        *("standard_price", "your_price", "start_price", "販売価格", "販売価格_税込", "価格", "売価"),
    ),
    "sale_price": (
        *("sale_price", "special_price", "discount_price", "offer_price", "angebotspreis"),
        *("promo_price", "discounted_price", "online_sale_price", "reduced_price", "promotional_price"),
        *("clearance_price", "markdown_price", "deal_price", "price_sale", "price_discounted", "sonderpreis"),
        *("aktionspreis", "prix_promo", "prix_promotionnel", "prix_soldé", "prix_solde", "precio_oferta"),
        *("precio_rebajado", "prezzo_scontato", "actieprijs", "cena_promocyjna", "preço_promocional"),
        *("セール価格", "特価"),
    ),
    "sale_is_on": ("on_sale", "is_on_sale", "sale_active", "sale_enabled", "onsale"),
    "sale_starts": (
        *("sale_price_start_date", "sale_start_date", "special_price_from_date", "special_from_date"),
        "date_sale_price_starts",
    ),
    "sale_ends": (
        *("sale_price_end_date", "sale_end_date", "special_price_to_date", "special_to_date"),
        "date_sale_price_ends",
    ),
    "sale_dates": ("sale_price_effective_date",),
    "list_price": (
        *("list_price", "compare_at_price", "original_price", "msrp", "rrp", "rrp_price"),
        "product_price_old",
        *("old_price", "was_price", "strikethrough_price", "retail_price", "uvp", "mrp"),
        *("statt_preis", "streichpreis", "alter_preis", "prix_barré", "prix_barre", "preço_de"),
        *("通常価格", "定価", "参考価格"),
    ),
    "availability": (
        *("availability", "stock_status", "in_stock", "available", "is_in_stock", "verfügbarkeit"),
        *("disponibilité", "disponibilidad", "beschikbaarheid", "lieferstatus", "dostępność"),
        "disponibilidade",
    ),
    "quantity": (
        *("quantity", "stock_quantity", "stock_level", "stock", "inventory", "qty", "inventory_quantity"),
        *("quantity_to_sell_on_facebook", "current_stock", "stock_qty", "bestand", "lagerbestand", "anzahl"),
        *("stan_magazynowy", "ilość", "estoque", "quantidade", "existencias", "quantité", "voorraad"),
        *("lager", "quantità", "在庫数", "在庫"),
    ),
    "sizes": (
        *("sizes", "size", "size_name", "sizes_available", "available_sizes", "size_options", "größen"),
        *("tailles", "tallas", "taglie", "maten", "rozmiary", "tamanhos"),
        *sorted(SIZE),
    ),
    "image": (
        *("image_link", "image", "image_url", "images", "image_src", "main_image", "picture", "photo", "img"),
        *("merchant_image_url", "large_image", "aw_image_url", "image_urls", "picture_url"),
        *("photo_url", "base_image"),
        *("product_image_url", "thumbnail_url", "bild", "bild_url", "bilder", "image_0_url", "pic_url"),
        *("zdjęcie", "zdjęcia", "imagem", "imagens", "imagen", "imágenes", "immagine", "immagini"),
        *("afbeelding", "cover_media_url", "商品画像url", "画像url", "商品画像", "画像"),
        "main_image_url",
    ),
    "more_images": (
        *("additional_image_link", "additional_image_links", "additional_images", "other_images"),
        *("additional_image_urls", "alternate_image", "alternate_image_two", "alternate_image_three"),
        *("alternate_image_four", "more_images", "gallery", "gallery_images"),
    ),
    "sku": (
        *("sku", "article_number", "article_no", "artikelnummer", "product_code", "reference", "item_number"),
        "merchant_product_id",
    ),
    "gtin": (
        *("gtin", "ean", "ean13", "upc", "isbn", "barcode", "gtin13", "gtin12", "product_gtin", "ean_code"),
        "global_trade_item_number",
    ),
    "mpn": ("mpn", "manufacturer_part_number", "model_number", "part_number"),
    "ignore": (),
}  # fmt: skip
