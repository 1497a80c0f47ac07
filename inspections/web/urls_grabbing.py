"""Taking tasks: the coordinator's desk, and what officers see of it."""

from django.urls import path

from inspections.web import assigning, grab_report, grabbing, holding

urlpatterns = [
    path("desk/coordinator", grabbing.home, name="coordinator_home"),
    path("desk/coordinator/near", grabbing.near, name="coordinator_near"),
    path("desk/coordinator/grab", grabbing.grab, name="grab"),
    path("desk/coordinator/mine", holding.index, name="my_tasks"),
    path("desk/coordinator/mine/<uuid:claim_id>/release", holding.release, name="task_release"),
    path("desk/coordinator/given/<uuid:task_id>/refuse", holding.refuse, name="task_refuse"),
    path("desk/work/tasks/<uuid:task_id>/assign", assigning.assign, name="task_assign"),
    path("desk/work/grabs", grab_report.index, name="grab_report"),
    path("desk/work/grabs.csv", grab_report.export_csv, name="grab_report_export"),
]
