import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import kit.district
import kit.ids
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name='IdempotencyRecord',
            fields=[
                ('id', models.UUIDField(default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('actor_key', models.CharField(max_length=60, verbose_name='请求方')),
                ('route', models.CharField(max_length=120, verbose_name='接口')),
                ('key', models.CharField(max_length=255, verbose_name='幂等键')),
                ('body_hash', models.CharField(max_length=64, verbose_name='内容摘要')),
                ('status', models.PositiveSmallIntegerField(null=True, verbose_name='应答状态')),
                ('answer', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True, verbose_name='应答内容')),
                ('at', models.DateTimeField(verbose_name='时间')),
            ],
            options={
                'verbose_name': '幂等记录',
                'verbose_name_plural': '幂等记录',
                'indexes': [models.Index(fields=['at'], name='idempotency_record_at')],
                'constraints': [models.UniqueConstraint(fields=('actor_key', 'route', 'key'), name='idempotency_record_once')],
            },
        ),
        migrations.CreateModel(
            name='OutboxJob',
            fields=[
                ('id', models.UUIDField(default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80, verbose_name='作业')),
                ('args', models.JSONField(default=dict, verbose_name='参数')),
                ('state', models.CharField(choices=[('waiting', '待处理'), ('done', '已完成'), ('dead', '已放弃')], default='waiting', max_length=7, verbose_name='状态')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='次数')),
                ('created_at', models.DateTimeField(verbose_name='提交时间')),
                ('due_at', models.DateTimeField(verbose_name='可处理时间')),
                ('publish_at', models.DateTimeField(verbose_name='发布时间')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('error', models.TextField(blank=True, verbose_name='最后错误')),
            ],
            options={
                'verbose_name': '后台作业',
                'verbose_name_plural': '后台作业',
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['publish_at'], name='outbox_job_to_publish'), models.Index(condition=models.Q(('state', 'waiting'), _negated=True), fields=['finished_at'], name='outbox_job_finished')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state', 'waiting'), ('finished_at__isnull', False), _connector='XOR'), name='outbox_job_waiting_or_finished')],
            },
        ),
        migrations.CreateModel(
            name='PublicCode',
            fields=[
                ('token', models.CharField(max_length=17, primary_key=True, serialize=False, verbose_name='公开码')),
                ('typed_code', models.CharField(max_length=10, unique=True, verbose_name='短码')),
                ('kind', models.CharField(max_length=1, verbose_name='类别')),
                ('district_id', kit.district.DistrictField(editable=False, max_length=6, validators=[django.core.validators.RegexValidator('^[0-9]{6}$')], verbose_name='区县代码')),
                ('target_id', models.UUIDField(null=True, verbose_name='对象')),
                ('device_id', models.UUIDField(null=True, verbose_name='预留设备')),
                ('state', models.CharField(choices=[('reserved', '已预留'), ('active', '使用中'), ('replaced', '已换新码'), ('retired', '已停用')], max_length=8, verbose_name='状态')),
                ('replaced_by', models.CharField(blank=True, max_length=17, verbose_name='新码')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='页面版本')),
                ('issued_at', models.DateTimeField(verbose_name='发出时间')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='停用时间')),
                ('scan_count', models.PositiveIntegerField(default=0, verbose_name='扫码次数')),
                ('first_scanned_at', models.DateTimeField(null=True, verbose_name='首次扫码')),
            ],
            options={
                'verbose_name': '公开码',
                'verbose_name_plural': '公开码',
                'indexes': [models.Index(fields=['target_id'], name='public_code_target'), models.Index(condition=models.Q(('state', 'reserved')), fields=['device_id'], name='public_code_reserved')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state', 'reserved'), ('target_id__isnull', False), _connector='XOR'), name='public_code_reserved_or_has_target')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.UUIDField(default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('district_id', kit.district.DistrictField(editable=False, max_length=6, validators=[django.core.validators.RegexValidator('^[0-9]{6}$')], verbose_name='区县代码')),
                ('ledger', models.CharField(max_length=40, verbose_name='台账')),
                ('number', models.PositiveIntegerField(verbose_name='序号')),
                ('algorithm', models.CharField(max_length=20, verbose_name='算法')),
                ('previous_root', models.CharField(max_length=64, verbose_name='上一根')),
                ('root', models.CharField(max_length=64, verbose_name='根')),
                ('leaf_count', models.PositiveIntegerField(verbose_name='条数')),
                ('cutoff', models.DateTimeField(verbose_name='截止时间')),
                ('sealed_at', models.DateTimeField(verbose_name='封存时间')),
            ],
            options={
                'verbose_name': '封存',
                'verbose_name_plural': '封存',
                'constraints': [models.UniqueConstraint(fields=('district_id', 'ledger', 'number'), name='seal_number_once')],
            },
        ),
        migrations.CreateModel(
            name='SealLeaf',
            fields=[
                ('id', models.UUIDField(default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('district_id', kit.district.DistrictField(editable=False, max_length=6, validators=[django.core.validators.RegexValidator('^[0-9]{6}$')], verbose_name='区县代码')),
                ('position', models.PositiveIntegerField(verbose_name='位置')),
                ('row_id', models.UUIDField(verbose_name='记录')),
                ('digest', models.CharField(max_length=64, verbose_name='摘要')),
                ('seal', kit.district.DistrictForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to='kit.seal', verbose_name='封存')),
            ],
            options={
                'verbose_name': '封存条目',
                'verbose_name_plural': '封存条目',
                'constraints': [models.UniqueConstraint(fields=('district_id', 'seal', 'position'), name='seal_leaf_position_once'), models.UniqueConstraint(fields=('district_id', 'row_id'), name='seal_leaf_row_once')],
            },
        ),
    ]
