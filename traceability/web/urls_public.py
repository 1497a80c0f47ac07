"""Pages anybody may open (contract: stable addresses)."""

from django.urls import path, re_path

from traceability.web import home, public

KINDS = {"b": (public.batch, "batch_page"), "v": (public.voucher, "voucher_page"), "s": (public.stall, "stall_page")}

urlpatterns = [
    path("", home.home, name="home"),
    path("how", home.how_to_read, name="how_to_read"),
    path("figures.json", home.figures_file, name="figures_file"),
    path("seals", home.seals_page, name="seals_page"),
    path("seals.json", home.seals_file, name="seals_file"),
    path("c", public.typed_code, name="code_lookup"),
    path("c/<str:code>", public.typed_code, name="code_page"),
    re_path(r"^(?P<kind>[bvsd])/(?P<token>[^/]+)\.(?P<form>svg|png)$", public.code_image, name="code_image"),
]
for kind, (view, name) in KINDS.items():
    urlpatterns += [
        re_path(rf"^{kind}/(?P<token>[^/]+?)\.(?P<form>json)$", view, name=f"{name}_json"),
        path(f"{kind}/<str:token>", view, name=name),
    ]
