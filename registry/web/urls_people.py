from django.urls import path

from registry.web import homes, me, notices, people, people_roles, private_views, signin

urlpatterns = [
    path("signin", signin.sign_in, name="signin"),
    path("signin/once/<str:secret>", signin.use_ticket, name="ticket_use"),
    path("signout", signin.sign_out, name="signout"),
    path("demo/sign-in", signin.demo_sign_in, name="demo_sign_in"),
    path("desk/", homes.front, name="desk"),
    path("desk/reviewer", homes.reviewer_home, name="reviewer_home"),
    path("desk/finance", homes.finance_home, name="finance_home"),
    path("desk/support", homes.support_home, name="support_home"),
    path("desk/audit", homes.audit_home, name="audit_home"),
    path("desk/audit/private-views", private_views.log, name="private_views"),
    path("desk/audit/private-views.csv", private_views.export, name="private_views_export"),
    path("desk/me", me.me, name="me"),
    path("desk/me/password", me.password, name="password"),
    path("desk/me/place", me.switch_place, name="switch_place"),
    path("desk/notices", notices.inbox, name="notices"),
    path("desk/notices/read", notices.mark_all, name="notices_read"),
    path("desk/notices/<uuid:notice_id>", notices.open_notice, name="notice"),
    path("desk/people", people.index, name="people"),
    path("desk/people.csv", people.export_list, name="people_export"),
    path("desk/people/new", people_roles.new, name="person_new"),
    path("desk/people/<uuid:account_id>", people.person, name="person"),
    path("desk/people/<uuid:account_id>/edit", people.edit, name="person_edit"),
    path("desk/people/<uuid:account_id>/roles", people_roles.give, name="grant_new"),
    path("desk/people/<uuid:account_id>/roles/<uuid:grant_id>/end", people.end_grant, name="grant_end"),
    path("desk/people/<uuid:account_id>/sign-in", people.ticket, name="ticket_new"),
    path("desk/people/<uuid:account_id>/phone", people.phone, name="person_phone"),
    path("desk/people/<uuid:account_id>/leave", people.leave, name="person_leave"),
]
